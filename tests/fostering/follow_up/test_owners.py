"""Whose household it is: taken, handed over by whom that may, and listed for whoever covers."""

import threading
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from portal.core.errors import InvalidInput, InvalidTransition, NotFound, StaleEdit
from portal.council import load_council
from portal.fostering.follow_up import queries
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.owners.jobs import release_households
from portal.fostering.follow_up.owners.models import Cover
from portal.fostering.follow_up.owners.queries import covered_by
from portal.fostering.follow_up.owners.service import arrange_cover, change_owner, end_cover
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage, Status
from tests.support.builders import make_enquiry, make_staff
from tests.support.databases import ON_POSTGRESQL

TEAM = load_council().fostering


def actor(person):
    role = person.roles[0]
    return Actor(id=person.id, name=person.name, kind="staff", permissions=ROLE_PERMISSIONS[role])


@pytest.fixture
def team(db):
    """An officer, a colleague, their manager, and somebody of HR."""
    roles = {"asha": "fostering", "bryn": "fostering", "mara": "fostering_manager", "hr": "hr"}
    with db.transaction() as session:
        return {name: make_staff(session, name=name.title(), role=role) for name, role in roles.items()}


def household(db, **changes):
    with db.transaction() as session:
        return make_enquiry(session, **changes).public_ref


def stored(db, reference):
    with db.reading() as session:
        return session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()


def give(db, reference, to, by, at, *, version=1):
    with db.transaction() as session:
        who = actor(by)
        change_owner(session, reference, to.id, version=version, note="", by=who, at=at)
    return stored(db, reference)


def test_taking_a_new_household_begins_contacting_and_keeps_the_promise(db, team, at):
    reference = household(db)
    due = stored(db, reference).due_at
    enquiry = give(db, reference, team["asha"], team["asha"], at)
    assert (enquiry.owner_id, enquiry.stage, enquiry.due_at) == (team["asha"].id, Stage.CONTACTING, due)


def test_an_officer_hands_over_their_own_and_takes_a_colleagues(db, team, at):
    reference = household(db, owner_id=team["asha"].id, stage=Stage.CALL_DONE)
    assert give(db, reference, team["bryn"], team["asha"], at).owner_id == team["bryn"].id
    assert give(db, reference, team["asha"], team["asha"], at, version=2).owner_id == team["asha"].id


def test_only_a_manager_hands_a_colleagues_household_to_a_third(db, team, at):
    reference = household(db, owner_id=team["bryn"].id, stage=Stage.CALL_DONE)
    with pytest.raises(InvalidInput) as refused:
        give(db, reference, team["mara"], team["asha"], at)
    assert "Only a fostering manager" in refused.value.message
    assert stored(db, reference).owner_id == team["bryn"].id
    assert give(db, reference, team["asha"], team["mara"], at).owner_id == team["asha"].id


def test_only_the_team_owns_households(db, team, at):
    reference = household(db)
    with db.transaction() as session:
        session.merge(team["bryn"]).active = False
    for person in (team["hr"], team["bryn"]):
        with pytest.raises(InvalidInput, match="422"):
            give(db, reference, person, team["mara"], at)
    assert stored(db, reference).owner_id is None


def test_a_finished_or_changed_household_is_not_handed_over(db, team, at):
    closed = household(db, status=Status.CLOSED, stage=Stage.CLOSED, closure_code="Q00")
    with pytest.raises(InvalidTransition):
        give(db, closed, team["asha"], team["asha"], at)
    with pytest.raises(StaleEdit):
        give(db, household(db), team["asha"], team["asha"], at, version=7)


def test_the_night_gives_up_what_belongs_to_whoever_has_left_the_team(db, team, at, sign_in):
    theirs = household(db, owner_id=team["bryn"].id, stage=Stage.CALL_DONE)
    waits = {"status": Status.KEEP_IN_TOUCH, "stage": Stage.KEEP_IN_TOUCH, "kit_review_on": at.date()}
    kept = household(db, owner_id=team["hr"].id, **waits)
    closed = household(
        db, owner_id=team["bryn"].id, status=Status.CLOSED, stage=Stage.CLOSED, closure_code="Q00"
    )
    others = household(db, owner_id=team["asha"].id)
    with db.transaction() as session:
        session.merge(team["bryn"]).active = False
    for _ in range(2):
        with db.transaction() as session:
            release_households(session, at)
    assert [stored(db, one).owner_id for one in (theirs, kept)] == [None, None]
    assert stored(db, closed).owner_id == team["bryn"].id, "of what is finished the record stays as it was"
    assert stored(db, others).owner_id == team["asha"].id
    with db.reading() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.event == "fostering.owner_changed")).all()
    ids = {theirs: team["bryn"].id, kept: team["hr"].id}
    assert {one.subject: one.facts["owner"] for one in noted} == {
        one: [str(person), ""] for one, person in ids.items()
    }
    with time_machine.travel(at, tick=False):
        officer = sign_in(person=team["asha"])
        assert "New owner: nobody yet" in officer.get(f"/staff/fostering/{theirs}").page.main.text
        assert theirs in officer.get("/staff/fostering?owner=nobody").page.main.text


# Cover

FIRST, LAST = date(2026, 11, 23), date(2026, 11, 27)


def cover(db, team, at, *, person="asha", stands_in="bryn", by="asha", days=(FIRST, LAST)):
    with db.transaction() as session:
        who, instead = team[person].id, team[stands_in].id
        arranged = arrange_cover(session, who, instead, days, by=actor(team[by]), at=at)
    return arranged.id


def test_whoever_covers_has_the_households_in_their_own_list_on_those_days_only(db, team, at):
    mine = household(db, owner_id=team["bryn"].id)
    theirs = household(db, owner_id=team["asha"].id, due_at=at - timedelta(hours=1))
    household(db, owner_id=team["mara"].id)
    cover(db, team, at)
    bryn, filters = team["bryn"].id, QueueFilters(owner="mine")
    with db.reading() as session:
        for day, found in ((FIRST, 2), (LAST, 2), (date(2026, 11, 22), 1), (date(2026, 11, 28), 1)):
            others = covered_by(session, bryn, day)
            page = queries.queue_page(session, filters, reader=bryn, at=at, team=TEAM, covered=others)
            assert [row.public_ref for row in page.rows] == [theirs, mine][-found:]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stands_in": "asha"}, "cover"),
        ({"stands_in": "hr"}, "cover"),
        ({"person": "bryn", "stands_in": "mara"}, "person"),
        ({"days": (LAST, FIRST)}, "last_day"),
        ({"days": (date(2026, 11, 1), date(2026, 11, 22))}, "last_day"),
        ({"days": (FIRST, date(2028, 1, 1))}, "last_day"),
    ],
)
def test_cover_that_cannot_be_is_refused(db, team, at, changes, field):
    with pytest.raises(InvalidInput) as refused:
        cover(db, team, at, **changes)
    assert refused.value.field == field
    with db.reading() as session:
        assert session.scalars(select(Cover)).all() == []


def test_nobody_is_covered_for_twice_on_one_day(db, team, at):
    cover(db, team, at)
    with pytest.raises(InvalidInput, match="422"):
        cover(db, team, at, stands_in="mara", days=(LAST, LAST + timedelta(days=3)))


def test_nobody_covers_while_they_are_away_themselves(db, team, at):
    cover(db, team, at)
    with pytest.raises(InvalidInput) as refused:
        cover(db, team, at, person="bryn", stands_in="asha", by="bryn")
    assert refused.value.field == "cover"
    cover(db, team, at, person="bryn", stands_in="asha", by="bryn", days=(LAST + timedelta(days=1),) * 2)


@ON_POSTGRESQL
def test_two_who_arrange_it_at_once_arrange_it_once(app, db, team, at):
    start, results = threading.Barrier(2, timeout=20), []

    def arrange(stands_in):
        people, by = (team["asha"].id, team[stands_in].id), actor(team["mara"])
        with app.app_context():
            try:
                with db.transaction() as session:
                    session.execute(select(1))
                    start.wait()
                    arrange_cover(session, *people, (FIRST, LAST), by=by, at=at)
                results.append("done")
            except InvalidInput as refused:
                results.append(refused.field)

    threads = [threading.Thread(target=arrange, args=(name,)) for name in ("bryn", "mara")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["done", "first_day"]


def test_cover_ends_early_by_whom_it_concerns(db, team, at):
    arranged = cover(db, team, at, person="bryn", stands_in="mara", by="mara")
    with db.transaction() as session, pytest.raises(InvalidTransition):
        end_cover(session, arranged, by=actor(team["asha"]), at=at)
    with db.transaction() as session:
        end_cover(session, arranged, by=actor(team["bryn"]), at=at)
    with db.transaction() as session, pytest.raises(NotFound):
        end_cover(session, arranged, by=actor(team["bryn"]), at=at)


# The pages


def test_a_household_is_taken_on_its_page(sign_in, db, team, at):
    reference = household(db)
    with time_machine.travel(at, tick=False):
        officer = sign_in(person=team["asha"])
        page = f"/staff/fostering/{reference}/owner"
        text = officer.follow(officer.post_form(page, {"note": "I know them"})).page.main.text
        assert "New owner: Asha" in text
        assert "I know them" in text
        stale = officer.post_form(page, {"owner": str(team["bryn"].id), "version": "1"})
    assert stale.status_code == 409
    assert "Somebody else changed this enquiry" in stale.page.main.text


def test_cover_is_arranged_and_ended_on_its_page(sign_in, db, team, at):
    days = {
        f"{name}-{part}": value
        for name, day in (("first_day", "24"), ("last_day", "26"))
        for part, value in (("day", day), ("month", "11"), ("year", "2026"))
    }
    with time_machine.travel(at, tick=False):
        officer = sign_in(person=team["asha"])
        page = "/staff/fostering/cover"
        assert officer.post_form(page, {}).page.errors == [
            "Select who covers for them",
            "Enter the first day away",
            "Enter the last day away",
        ]
        answer = officer.post_form(page, {"cover": str(team["bryn"].id), **days})
        assert "Asha, 24 Nov 2026 to 26 Nov 2026: Bryn covers" in officer.follow(answer).page.main.text
        form = next(form for form in officer.get(page).page.all("form") if "/end" in form.get("action"))
        ended = officer.post_form(page, {}, action=form["action"])
        assert "Nobody is away" in officer.follow(ended).page.main.text
