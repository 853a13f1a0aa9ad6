"""Reading what households wrote; a concern restricts and holds the record, and waits to be passed on."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from portal.core.errors import InvalidInput, InvalidTransition, NotFound, StaleEdit
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up.concerns import queries, service
from portal.fostering.follow_up.concerns.options import PassedTo, Verdict
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.follow_up.owners.service import change_owner
from portal.fostering.jobs import still_waits
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import NextStep, Stage
from tests.support.builders import make_enquiry, make_staff

SECRET = "Words that nobody else may read"


def actor(person):
    return Actor(id=person.id, name=person.name, kind="staff", permissions=ROLE_PERMISSIONS[person.roles[0]])


@pytest.fixture
def team(db):
    roles = {"asha": "fostering", "bryn": "fostering", "mara": "fostering_manager", "hugo": "hr"}
    with db.transaction() as session:
        return {name: make_staff(session, name=name.title(), role=role) for name, role in roles.items()}


@pytest.fixture
def household(db, team):
    with db.transaction() as session:
        return make_enquiry(session, motivation=SECRET, owner_id=team["bryn"].id).public_ref


def stored(db, reference):
    with db.reading() as session:
        return session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()


def names(db, reference):
    with db.reading() as session:
        return [person.name for person in queries.readers_of(session, stored(db, reference).id)]


def do(db, work, reference, *facts, by, at, version=None, **more):
    with db.transaction() as session:
        version = version or stored(db, reference).version
        return work(session, reference, *facts, version=version, by=actor(by), at=at, **more)


def test_no_concern_is_noted_and_changes_nothing_else(db, team, household, at):
    do(db, service.note_words_read, household, Verdict.NO_CONCERN, by=team["asha"], at=at)
    enquiry = stored(db, household)
    assert (enquiry.words_read_at, enquiry.concern_at, enquiry.restricted_at) == (at, None, None)
    assert not queries.to_be_read(enquiry)


def test_a_concern_restricts_the_record_to_named_people_and_holds_it(db, team, household, at):
    do(db, service.note_words_read, household, Verdict.CONCERN, by=team["asha"], at=at)
    enquiry = stored(db, household)
    assert (enquiry.words_read_at, enquiry.concern_at, enquiry.restricted_at) == (at, at, at)
    assert (enquiry.hold_reason, enquiry.hold_until) == ("SAFEGUARDING", date(2027, 5, 23))
    assert names(db, household) == ["Asha", "Bryn", "Mara"], "who raised it, the owner, the managers"
    with db.reading() as session:
        assert [ref for ref, _at in queries.concerns_waiting(session, by=actor(team["mara"]))] == [household]
        assert queries.concerns_waiting(session, by=actor(team["hugo"])) == []


def test_a_hold_for_another_reason_stays_as_it_is(db, team, household, at):
    with db.transaction() as session:
        row = session.scalars(select(Enquiry)).one()
        row.hold_reason, row.hold_until = "COMPLAINT", date(2026, 12, 24)
    do(db, service.raise_concern, household, by=team["asha"], at=at)
    assert (stored(db, household).hold_reason, stored(db, household).hold_until) == (
        "COMPLAINT",
        date(2026, 12, 24),
    )


def test_passing_on_keeps_to_whom_and_when_and_no_word_of_it(db, team, household, at):
    with pytest.raises(InvalidTransition):
        do(db, service.pass_on, household, PassedTo.LADO, at, by=team["asha"], at=at)
    do(db, service.raise_concern, household, by=team["asha"], at=at)
    told = at - timedelta(minutes=2) + timedelta(hours=1)
    do(db, service.pass_on, household, PassedTo.LADO, told, by=team["asha"], at=at + timedelta(hours=1))
    do(
        db,
        service.pass_on,
        household,
        PassedTo.CHILDREN,
        told + timedelta(hours=3),
        by=team["mara"],
        at=at + timedelta(hours=5),
    )
    assert stored(db, household).concern_passed_at == told, "the first time counts"
    with db.reading() as session:
        entries = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)).all()
        passed = [entry.facts for entry in entries if entry.kind.value == "PASSED_ON"]
        assert passed[0] == {"passed_to": "LADO", "passed_at": told.isoformat()}
        assert len(passed) == 2
        events = session.scalars(select(AuditEvent)).all()
        assert SECRET not in json.dumps([event.facts for event in events])
        told_of = [e.facts for e in events if e.event == "fostering.concern_passed_on"]
        assert [set(facts) for facts in told_of] == [{"passed_at"}] * 2, "to whom says what it is about"
        assert queries.concerns_waiting(session, by=actor(team["mara"])) == []


@pytest.mark.parametrize("passed", [timedelta(hours=1), timedelta(days=-1)])
def test_it_was_passed_on_between_receipt_and_now(db, team, household, at, passed):
    do(db, service.raise_concern, household, by=team["asha"], at=at)
    with pytest.raises(InvalidInput) as refused:
        do(db, service.pass_on, household, PassedTo.LADO, at + passed, by=team["asha"], at=at)
    assert refused.value.field == "passed_on"
    assert stored(db, household).concern_passed_at is None


def test_a_second_concern_is_to_be_passed_on_again(db, team, household, at):
    do(db, service.raise_concern, household, by=team["asha"], at=at)
    do(db, service.raise_concern, household, by=team["mara"], at=at + timedelta(minutes=5))
    assert stored(db, household).concern_at == at, "while it waits, the first moment counts"
    do(db, service.pass_on, household, PassedTo.CHILDREN, at, by=team["asha"], at=at)
    do(db, service.raise_concern, household, by=team["asha"], at=at + timedelta(days=1))
    assert queries.waits_to_be_passed_on(stored(db, household))


def test_the_next_owner_must_be_named(db, team, household, at):
    do(db, service.raise_concern, household, by=team["mara"], at=at)
    assert names(db, household) == ["Bryn", "Mara"]
    with pytest.raises(InvalidInput) as refused:
        do(db, change_owner, household, team["asha"].id, by=team["mara"], at=at, note="")
    assert "Asha cannot read this record" in refused.value.message
    people = [team[name].id for name in ("asha", "bryn", "mara")]
    do(db, service.name_people, household, people, by=team["mara"], at=at, note="Takes over")
    do(db, change_owner, household, team["asha"].id, by=team["mara"], at=at, note="")
    assert stored(db, household).owner_id == team["asha"].id


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (["bryn"], "Select at least one fostering manager"),
        (["hugo"], "Select at least one fostering manager"),
        (["mara"], "Bryn looks after this household"),
    ],
)
def test_a_record_keeps_a_manager_and_its_owner(db, team, household, chosen, words):
    at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    do(db, service.raise_concern, household, by=team["asha"], at=at)
    people = [team[name].id for name in chosen]
    with pytest.raises(InvalidInput) as refused:
        do(db, service.name_people, household, people, by=team["mara"], at=at, note="")
    assert words in refused.value.message
    assert names(db, household) == ["Asha", "Bryn", "Mara"]


def test_it_is_opened_again_only_once_the_concern_was_passed_on(db, team, household, at):
    with pytest.raises(InvalidTransition):
        do(db, service.lift, household, by=team["mara"], at=at, note="No")
    do(db, service.raise_concern, household, by=team["asha"], at=at)
    with pytest.raises(InvalidTransition) as refused:
        do(db, service.lift, household, by=team["mara"], at=at, note="Settled")
    assert refused.value.facts["why"] == service.WAITS
    do(db, service.pass_on, household, PassedTo.CHILDREN, at, by=team["asha"], at=at)
    do(db, service.lift, household, by=team["mara"], at=at, note="Settled")
    enquiry = stored(db, household)
    assert (enquiry.restricted_at, enquiry.hold_reason) == (None, "SAFEGUARDING"), "a hold is ended by itself"
    assert names(db, household) == []


def test_whoever_is_not_named_says_nothing_about_it(db, team, household, at):
    do(db, service.raise_concern, household, by=team["bryn"], at=at)
    for work, facts in ((service.raise_concern, ()), (service.note_words_read, (Verdict.NO_CONCERN,))):
        with pytest.raises(NotFound):
            do(db, work, household, *facts, by=team["asha"], at=at)


def test_a_colleague_who_read_an_older_version_is_told(db, team, household, at):
    do(db, service.raise_concern, household, by=team["bryn"], at=at)
    people = [team["mara"].id, team["bryn"].id]
    with pytest.raises(StaleEdit):
        do(db, service.raise_concern, household, by=team["bryn"], at=at, version=1)
    with pytest.raises(StaleEdit):
        do(db, service.name_people, household, people, by=team["mara"], at=at, version=1, note="")


def test_closing_for_a_suitability_concern_restricts_and_holds(db, team, household, at):
    step = Move(to=Stage.CLOSED, code=Closure.S10)
    with db.transaction() as session:
        known = {"version": 1, "by": actor(team["bryn"]), "at": at, "council": load_council()}
        move_enquiry(session, household, step, **known)
    enquiry = stored(db, household)
    assert (enquiry.restricted_at, enquiry.hold_reason) == (at, "SAFEGUARDING")
    assert names(db, household) == ["Bryn", "Mara"]


def test_the_portal_writes_to_no_restricted_household(db, team, household, at):
    with db.transaction() as session:
        session.scalars(select(Enquiry)).one().next_step = NextStep.INFO_PACK_ONLY
    with db.reading() as session:
        assert still_waits(session, session.scalars(select(Enquiry)).one())
    do(db, service.raise_concern, household, by=team["asha"], at=at)
    with db.reading() as session:
        assert not still_waits(session, session.scalars(select(Enquiry)).one())


# The pages


@pytest.fixture
def pages(sign_in, team, at):
    """Clients of three people."""
    with time_machine.travel(at, tick=False):
        yield {name: sign_in(person=team[name]) for name in ("asha", "bryn", "mara")}


def home(reference):
    return f"/staff/fostering/{reference}"


def test_from_reading_to_passing_on(pages, db, household, at):
    bryn, mara = pages["bryn"], pages["mara"]
    assert "Read what they wrote" in bryn.get("/staff/fostering").page.main.text
    link = next(a for a in bryn.get(home(household)).page.all("a") if a.text.startswith("Read it, and say"))
    assert SECRET in bryn.get(link["href"]).page.main.text
    assert bryn.post_form(link["href"], {}).page.errors == ["Select whether there is a concern"]
    answer = bryn.post_form(link["href"], {"verdict": "CONCERN"})
    page = bryn.follow(answer).page
    for number in ("999", "023 8083 2300", "023 8023 3344", "01632 960 041"):
        assert number in page.main.text
    assert "has not been passed on" in bryn.get(home(household)).page.main.text
    assert household in mara.get("/staff/fostering").page.main.text
    assert "1 concern not passed on yet" in mara.get("/staff/fostering").page.main.text
    assert "Not passed on" in mara.get("/staff/fostering/restricted").page.main.text
    assert pages["asha"].get(home(household)).status_code == 404

    passing = f"{home(household)}/concern/passed-on"
    assert bryn.post_form(passing, {}).page.errors == ["Select whom you told"]
    answer = bryn.post_form(passing, {"passed_to": "LADO", "passed": "now"})
    text = bryn.follow(answer).page.main.text
    assert "The concern was passed on" in text
    assert "Told: The designated officer (LADO)" in text
    assert "not passed on" not in mara.get("/staff/fostering").page.main.text
    assert stored(db, household).concern_passed_at == at


def test_a_manager_names_people_and_opens_it_again(pages, db, household):
    bryn, mara = pages["bryn"], pages["mara"]
    answer = bryn.post_form(f"{home(household)}/concern", {})
    assert answer.status_code == 303
    assert bryn.get(f"{home(household)}/readers").status_code == 403
    ids = [str(pages[name].person.id) for name in ("asha", "bryn", "mara")]
    answer = mara.post_form(f"{home(household)}/readers", {"readers": ids[1:2]})
    assert answer.page.errors == ["Select at least one fostering manager"]
    answer = mara.post_form(f"{home(household)}/readers", {"readers": ids, "note": "Covers next week"})
    assert "Asha, Bryn, Mara" in mara.follow(answer).page.main.text
    assert pages["asha"].get(home(household)).status_code == 200

    lifting = f"{home(household)}/open-to-team"
    assert mara.post_form(lifting, {"note": "Settled"}).status_code == 409
    bryn.post_form(f"{home(household)}/concern/passed-on", {"passed_to": "CHILDREN", "passed": "now"})
    assert mara.post_form(lifting, {}).page.errors == ["Enter why the whole team can read it again"]
    answer = mara.post_form(lifting, {"note": "Settled with children’s services"})
    assert "The whole team can read it again" in mara.follow(answer).page.main.text


def test_the_list_of_restricted_records_names_no_household(pages, db, household):
    pages["bryn"].post_form(f"{home(household)}/concern", {})
    text = pages["mara"].get("/staff/fostering/restricted").text
    enquiry = stored(db, household)
    assert household in text
    for secret in (enquiry.last_name, enquiry.email, SECRET):
        assert secret not in text
        assert secret not in pages["mara"].get(f"{home(household)}/readers").text


def test_a_talk_long_ago_is_recorded_with_its_time(pages, db, household, at):
    bryn = pages["bryn"]
    bryn.post_form(f"{home(household)}/concern", {})
    typed = {"passed_to": "CHILDREN", "passed": "earlier"}
    passing = f"{home(household)}/concern/passed-on"
    assert bryn.post_form(passing, typed).page.errors == [
        "Enter the date of the talk",
        "Enter the time of the talk",
    ]
    day = {"passed_on-day": "23", "passed_on-month": "11", "passed_on-year": "2026"}
    answer = bryn.post_form(passing, {**typed, **day, "passed_time": "10:00am"})
    assert answer.status_code == 303
    assert stored(db, household).concern_passed_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
