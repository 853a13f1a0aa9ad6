"""The board by stage, and filters that are kept under a name."""

from datetime import timedelta

from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.council import load_council
from portal.fostering.follow_up import queries
from portal.fostering.follow_up.board.queries import CARDS, STAGES, board
from portal.fostering.follow_up.counts.queries import queue_counts
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.saved.models import SavedFilter
from portal.fostering.follow_up.saved.service import MOST
from portal.fostering.options import Area, Stage, Status
from tests.support.builders import make_enquiry, make_staff

QUEUE = "/staff/fostering"
TEAM = load_council().fostering


def test_the_board_shows_every_stage_in_due_order_and_counts_as_the_lists_do(db, at):
    with db.transaction() as session:
        owner = make_staff(session)
        for number in range(9):
            make_enquiry(session, stage=Stage.CONTACTING, due_at=at - timedelta(hours=number))
        make_enquiry(session, owner_id=owner.id)
        kit = {"status": Status.KEEP_IN_TOUCH, "stage": Stage.KEEP_IN_TOUCH, "kit_review_on": at.date()}
        make_enquiry(session, **kit)
        make_enquiry(session, status=Status.CLOSED, stage=Stage.CLOSED, closure_code="Q01", due_at=None)
        make_enquiry(session, stage=Stage.CONTACTING, restricted_at=at)
    with db.reading() as session:
        columns = {one.stage: one for one in board(session, QueueFilters(), readers=(0,), at=at)}
        mine = board(session, QueueFilters(owner="mine"), readers=(owner.id,), at=at)
        listed = queries.queue_page(
            session, QueueFilters(stage=Stage.CONTACTING), reader=0, at=at, team=TEAM
        ).rows
        counts = queue_counts(session, at, reader=0, team=TEAM)
    assert tuple(columns) == STAGES
    contacting = columns[Stage.CONTACTING]
    assert (contacting.count, len(contacting.rows)) == (9, CARDS)
    assert [row.id for row in contacting.rows] == [row.id for row in listed[:CARDS]]
    assert columns[Stage.KEEP_IN_TOUCH].count == 1
    assert sum(one.count for one in columns.values()) == counts.open + counts.keep_in_touch
    assert {one.stage: one.count for one in mine if one.count} == {Stage.NEW: 1}


def test_the_board_leads_to_households_and_lists_and_is_noted(db, at, officer):
    with db.transaction() as session:
        for _ in range(CARDS + 1):
            make_enquiry(session, last_name="Cardston", due_at=at - timedelta(days=9))
    page = officer.get(f"{QUEUE}/board")
    assert f"New: {CARDS + 1}" in page.text
    assert page.text.count("Alex Cardston") == CARDS
    assert "Overdue, past its limit" in page.text
    everybody = next(link for link in page.page.all("a") if link.text.startswith("Show all"))
    assert officer.get(everybody["href"]).text.count("Alex Cardston</a>") == CARDS + 1
    assert "Alex Cardston" not in officer.get(f"{QUEUE}/board?owner=mine").text
    assert officer.get(f"{QUEUE}/board?owner=nonsense").status_code == 200
    with db.reading() as session:
        events = session.scalars(select(AuditEvent.event)).all()
    assert "fostering.queue_read" in events


def test_a_list_is_kept_under_a_name_opened_and_deleted(db, officer, sign_in):
    with db.transaction() as session:
        make_enquiry(session, area=Area.SOTON, last_name="Inside")
        make_enquiry(session, area=Area.IOW, last_name="Outside")
    page = officer.get(f"{QUEUE}?area=SOTON&owner=nobody")
    save = next(link["href"] for link in page.page.all("a") if link.text == "Keep this list under a name")
    form = officer.get(save)
    assert "It shows: open, Southampton, nobody’s yet." in form.text
    assert officer.post_form(save, {"name": " "}).status_code == 422
    answer = officer.post_form(save, {"name": "Ours"})
    assert answer.status_code == 303
    queue = officer.get(QUEUE)
    link = next(link["href"] for link in queue.page.all("a") if link.text == "Ours")
    listed = officer.get(link).text
    assert "Inside" in listed
    assert "Outside" not in listed
    again = officer.post_form(save, {"name": "Ours"})
    assert again.status_code == 422
    assert "You have a list with this name" in again.text
    colleague = sign_in("fostering")
    assert "Ours" not in colleague.get(QUEUE).text
    with db.reading() as session:
        number = session.scalars(select(SavedFilter.id)).one()
    lists = f"{QUEUE}/lists"
    token = officer.get(lists).page.first("input", name="csrf_token")
    assert token is not None
    assert officer.post_form(lists, {}, action=f"{lists}/{number}/delete").status_code == 303
    assert "You keep no list yet" in officer.get(lists).text


def test_a_colleagues_list_cannot_be_deleted(db, officer):
    with db.transaction() as session:
        facts = {"query": "due=overdue", "saved_at": make_enquiry(session).received_at}
        theirs = SavedFilter(person_id=make_staff(session).id, name="Theirs", **facts)
        session.add_all([theirs, SavedFilter(person_id=officer.person.id, name="Mine", **facts)])
        session.flush()
        mine, other = session.scalars(select(SavedFilter.id).order_by(SavedFilter.name)).all()
    page = officer.get(f"{QUEUE}/lists")
    body = {field["name"]: field["value"] for field in page.page.all("input", type="hidden")}
    answer = officer.post(f"{QUEUE}/lists/{other}/delete", data=body)
    assert answer.status_code == 404
    with db.reading() as session:
        assert set(session.scalars(select(SavedFilter.id))) == {mine, other}


def test_a_list_without_a_filter_or_one_too_many_is_refused(db, at, officer):
    assert "Choose a filter first" in officer.post_form(f"{QUEUE}/lists/save", {"name": "All"}).text
    with db.transaction() as session:
        session.add_all(
            SavedFilter(person_id=officer.person.id, name=f"List {n}", query="due=today", saved_at=at)
            for n in range(MOST)
        )
    full = officer.post_form(f"{QUEUE}/lists/save?due=today", {"name": "One more"})
    assert full.status_code == 422
    assert f"up to {MOST} lists" in full.text
