"""Many households at once to another owner: as one by one, all that was shown or none."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from portal.core.errors import InvalidInput, StaleEdit
from portal.fostering.follow_up.handing_over.handover import Handover
from portal.fostering.follow_up.handing_over.queries import AT_A_TIME, going, mark_of, staying
from portal.fostering.follow_up.handing_over.service import hand_over
from portal.fostering.guarded import Reader
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import Stage, Status
from tests.support.builders import make_enquiry, make_staff
from tests.support.client import SAME_ORIGIN, field_values, find_form

QUEUE = "/staff/fostering"
CHOOSE = f"{QUEUE}/hand-over"


@pytest.fixture
def team(db):
    """An officer, a colleague, their manager, and somebody of HR."""
    roles = {"asha": "fostering", "bryn": "fostering", "mara": "fostering_manager", "hr": "hr"}
    with db.transaction() as session:
        return {name: make_staff(session, name=name.title(), role=role) for name, role in roles.items()}


def actor(person):
    role = person.roles[0]
    return Actor(id=person.id, name=person.name, kind="staff", permissions=ROLE_PERMISSIONS[role])


def households(db, owner, many=3, **changes):
    facts = {"stage": Stage.CALL_DONE, "owner_id": owner.id if owner else None, **changes}
    with db.transaction() as session:
        return [make_enquiry(session, **facts).public_ref for _ in range(many)]


def owners(db, references):
    with db.reading() as session:
        wanted = select(Enquiry.owner_id).where(Enquiry.public_ref.in_(references)).order_by(Enquiry.id)
        return session.scalars(wanted).all()


def shown(db, handover, by):
    """The references that a preview shows, its mark, and how many stay."""
    with db.reading() as session:
        rows = going(session, handover, actor(by))
        return (
            [row.public_ref for row in rows],
            mark_of(rows),
            staying(session, handover, len(rows), actor(by)),
        )


def confirm(db, handover, mark, by, at):
    with db.transaction() as session:
        return hand_over(session, handover, mark, note="Long leave", by=actor(by), at=at)


def test_all_of_one_person_go_to_another_and_each_is_written_down(db, team, at):
    hers = [*households(db, team["asha"]), *households(db, team["asha"], 1, stage=Stage.NEW)]
    kept = {"status": Status.KEEP_IN_TOUCH, "stage": Stage.KEEP_IN_TOUCH, "kit_review_on": at.date()}
    hers += households(db, team["asha"], 1, **kept)
    finished = {"status": Status.CLOSED, "stage": Stage.CLOSED, "closure_code": "Q00"}
    others = [*households(db, team["asha"], 1, **finished), *households(db, None, 1)]
    handover = Handover(team["asha"].id, team["bryn"].id)
    references, mark, stay = shown(db, handover, team["mara"])
    assert (sorted(references), stay) == (sorted(hers), 0)
    assert confirm(db, handover, mark, team["mara"], at) == len(hers)
    assert owners(db, hers) == [team["bryn"].id] * len(hers)
    assert owners(db, others) == [team["asha"].id, None]
    with db.reading() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.event == "fostering.owner_changed")).all()
        notes = session.scalars(select(HistoryEntry.note).where(HistoryEntry.note.is_not(None))).all()
        new = session.scalars(select(Enquiry).where(Enquiry.public_ref == hers[3])).one()
    assert {one.subject for one in noted} == set(hers)
    assert all(one.facts == {"owner": [str(team["asha"].id), str(team["bryn"].id)]} for one in noted)
    assert notes == ["Long leave"] * len(hers)
    assert new.stage is Stage.CONTACTING, "whoever gets a new household takes it up, as one by one"


def test_all_of_one_person_go_to_nobody(db, team, at):
    hers = households(db, team["asha"], stage=Stage.NEW)
    handover = Handover(team["asha"].id, None)
    confirm(db, handover, shown(db, handover, team["asha"])[1], team["asha"], at)
    assert owners(db, hers) == [None] * 3
    with db.reading() as session:
        assert set(session.scalars(select(Enquiry.stage))) == {Stage.NEW}


def test_an_officer_gives_away_what_is_theirs_or_nobodys_and_takes_a_colleagues(db, team):
    theirs, hers, free = (households(db, team[name] if name else None, 1) for name in ("bryn", "asha", ""))
    picked = (*theirs, *hers, *free)
    asha, mara = team["asha"], team["mara"]
    assert sorted(shown(db, Handover(None, mara.id, picked), asha)[0]) == sorted([*hers, *free])
    assert shown(db, Handover(None, mara.id, picked), asha)[2] == 1
    assert sorted(shown(db, Handover(None, asha.id, picked), asha)[0]) == sorted([*theirs, *free])
    assert sorted(shown(db, Handover(None, mara.id, picked), mara)[0]) == sorted(picked)


def test_a_restricted_record_goes_only_between_those_who_may_read_it(db, team, at):
    secret, plain = households(db, team["asha"], 1, restricted_at=at), households(db, team["asha"], 1)
    handover = Handover(team["asha"].id, team["bryn"].id)
    with db.transaction() as session:
        (number,) = session.scalars(select(Enquiry.id).where(Enquiry.public_ref == secret[0]))
        session.add(Reader(enquiry_id=number, person_id=team["asha"].id, named_at=at))
    assert shown(db, handover, team["asha"])[::2] == (plain, 1)
    assert shown(db, handover, team["mara"])[::2] == (plain, 0), "she does not know of it"
    with db.transaction() as session:
        session.add(Reader(enquiry_id=number, person_id=team["bryn"].id, named_at=at))
    assert len(shown(db, handover, team["asha"])[0]) == 2


@pytest.mark.parametrize("changes", [{"owner_id": None}, {"status": Status.CLOSED, "closure_code": "Q00"}])
def test_what_was_moved_meanwhile_stops_all_of_it(db, team, at, changes):
    hers = households(db, team["asha"])
    handover = Handover(team["asha"].id, team["bryn"].id)
    mark = shown(db, handover, team["mara"])[1]
    with db.transaction() as session:
        moved = session.scalars(select(Enquiry).where(Enquiry.public_ref == hers[1])).one()
        for name, value in changes.items():
            setattr(moved, name, value)
    with pytest.raises(StaleEdit):
        confirm(db, handover, mark, team["mara"], at)
    assert team["bryn"].id not in owners(db, hers)


def test_of_two_who_do_it_at_once_the_second_changes_nothing(db, team, at):
    hers = households(db, team["asha"])
    first, second = (Handover(team["asha"].id, team[name].id) for name in ("bryn", "mara"))
    marks = [shown(db, one, team["mara"])[1] for one in (first, second)]
    confirm(db, first, marks[0], team["mara"], at)
    with pytest.raises(StaleEdit):
        confirm(db, second, marks[1], team["mara"], at)
    assert owners(db, hers) == [team["bryn"].id] * 3


def test_nobody_outside_the_team_gets_any(db, team, at):
    households(db, team["asha"])
    with pytest.raises(InvalidInput):
        confirm(db, Handover(team["asha"].id, team["hr"].id), "", team["mara"], at)


def test_reading_takes_as_many_statements_for_thirty_as_for_three(db, team, at):
    def reads(name, many):
        households(db, team[name], many)
        handover, seen = Handover(team[name].id, team["mara"].id), []
        mark = shown(db, handover, team["mara"])[1]

        def hear(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        with db.transaction() as session:
            bind = session.get_bind()
            event.listen(bind, "before_cursor_execute", hear)
            try:
                hand_over(session, handover, mark, note="", by=actor(team["mara"]), at=at)
                session.flush()
            finally:
                event.remove(bind, "before_cursor_execute", hear)
        return [one for one in seen if one.startswith("SELECT")]

    assert len(reads("asha", 3)) == len(reads("bryn", 30))


def test_so_many_go_at_a_time_those_due_first(db, team, at, monkeypatch):
    monkeypatch.setattr("portal.fostering.follow_up.handing_over.queries.AT_A_TIME", 2)
    late = households(db, team["asha"], 1, due_at=at + timedelta(days=9))
    references, _mark, stay = shown(db, Handover(team["asha"].id, None), team["asha"])
    assert (references, stay) == (late, 0)
    soon = households(db, team["asha"], 2, due_at=at)
    references, _mark, stay = shown(db, Handover(team["asha"].id, None), team["asha"])
    assert (sorted(references), stay) == (sorted(soon), 1)
    assert AT_A_TIME == 200


# The pages


def test_those_ticked_in_the_list_change_their_owner(db, officer, team):
    mine = households(db, None)
    page = officer.get(f"{QUEUE}?stage=E30").page
    boxes = [one for one in page.main.all("input", type="checkbox") if one.get("form") == "ticked-households"]
    assert {one["value"] for one in boxes} == set(mine)
    form = next(one for one in page.main.all("form") if one.get("id") == "ticked-households")
    body = {**field_values(form), "ticked": "1", **{f"pick-{one}": one for one in mine[:2]}}
    choose = officer.post(form["action"], data=body, headers=SAME_ORIGIN)
    assert choose.status_code == 303
    chosen = officer.get(choose.location)
    assert "2 households ticked in the list." in chosen.page.main.text
    refused = officer.post_form(choose.location, {"to": ""})
    assert refused.page.errors == ["Select who looks after them"]
    check = officer.post_form(choose.location, {"to": str(team["bryn"].id)})
    preview = officer.follow(check).page
    assert preview.h1 == "2 households for Bryn"
    done = officer.post_form(check.location, {"note": "Long leave"})
    assert "2 households have another owner now." in officer.follow(done).page.main.text
    assert owners(db, mine) == [team["bryn"].id] * 2 + [None]


def test_what_changed_since_the_preview_is_shown_again_and_the_note_stays(db, officer, team):
    mine = households(db, officer.person)
    chosen = officer.post_form(CHOOSE, {"whose": str(officer.person.id), "to": str(team["bryn"].id)})
    form = field_values(find_form(officer.get(chosen.location).page, {"note"}, None))
    with db.transaction() as session:
        session.scalars(select(Enquiry).where(Enquiry.public_ref == mine[0])).one().owner_id = None
    body = {**form, "note": "Long leave"}
    answer = officer.post(chosen.location, data=body, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert "Nothing was changed." in answer.page.main.text
    assert answer.page.h1 == "2 households for Bryn"
    assert answer.page.first("textarea", name="note").text.strip() == "Long leave"
    again = field_values(find_form(answer.page, {"note"}, None))
    assert officer.post(chosen.location, data=again, headers=SAME_ORIGIN).status_code == 303
    assert owners(db, mine) == [None] + [team["bryn"].id] * 2


def test_what_cannot_be_chosen_is_refused_or_leads_back(db, officer, team):
    offered = [one["value"] for one in officer.get(CHOOSE).page.first("select", name="whose").all("option")]
    assert offered == ["", str(officer.person.id), "0"], "a colleague’s are a manager’s to give away"
    same = officer.post_form(CHOOSE, {"whose": "0", "to": "0"})
    assert same.page.errors == ["Select somebody else: these households are theirs already"]
    for query in ("", f"?whose={team['bryn'].id}&to=0", "?whose=0&to=x", f"?pick=%00&to={team['hr'].id}"):
        assert officer.get(f"{CHOOSE}/check{query}").location.startswith(CHOOSE)
    empty = officer.get(f"{CHOOSE}/check?whose=0&to={team['bryn'].id}")
    assert empty.page.h1 == "No household changes its owner"
    token = field_values(find_form(officer.get(CHOOSE).page, {"to"}, None))
    nothing = officer.post(CHOOSE, data={**token, "ticked": "1"}, headers=SAME_ORIGIN)
    assert "No household was ticked." in officer.follow(nothing).page.main.text
