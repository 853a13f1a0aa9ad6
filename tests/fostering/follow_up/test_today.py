"""What is due today, by clock: the same numbers as the lists that they lead to."""

from datetime import timedelta

import pytest

from portal.council import load_council
from portal.fostering.follow_up.counts.queries import queue_counts
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.today.queries import RunningClock, running_clocks
from portal.fostering.options import Stage, Status
from tests.support.builders import make_enquiry, make_staff

PAGE = "/staff/fostering/today"
TEAM = load_council().fostering
KEPT = {"status": Status.KEEP_IN_TOUCH, "stage": Stage.KEEP_IN_TOUCH}


@pytest.fixture
def owner(db, at):
    """Somebody with two of the households below."""
    late, soon = at - timedelta(minutes=1), at + timedelta(hours=1)
    with db.transaction() as session:
        person = make_staff(session)
        make_enquiry(session, due_at=late)
        make_enquiry(session, due_at=late, owner_id=person.id)
        make_enquiry(session, due_at=soon)
        make_enquiry(session, due_at=at + timedelta(days=1))
        make_enquiry(session, due_at=soon, stage=Stage.CALL_DONE, owner_id=person.id)
        make_enquiry(session, due_at=late, kit_review_on=at.date(), **KEPT)
        make_enquiry(session, due_at=late, stage=Stage.CONTACTING, restricted_at=at)
    return person


def clocks(db, at, reader=0, **filters):
    with db.reading() as session:
        return running_clocks(session, QueueFilters(**filters), readers=(reader,), at=at, team=TEAM)


def test_each_clock_is_counted_once_for_those_who_may_read_it(db, at, owner):
    assert clocks(db, at) == [
        RunningClock(Stage.NEW, 2, 1),
        RunningClock(Stage.CALL_DONE, 0, 1),
        RunningClock(Stage.KEEP_IN_TOUCH, 1, 0),
    ]
    mine = [RunningClock(Stage.NEW, 1, 0), RunningClock(Stage.CALL_DONE, 0, 1)]
    assert clocks(db, at, owner.id, owner="mine") == mine
    assert [one.stage for one in clocks(db, at, owner="nobody")] == [Stage.NEW, Stage.KEEP_IN_TOUCH]
    with db.reading() as session:
        counts = queue_counts(session, at, reader=0, team=TEAM)
    assert sum(one.overdue for one in clocks(db, at)) == counts.overdue
    assert sum(one.later_today for one in clocks(db, at)) == counts.today


@pytest.mark.parametrize("whose", ["", "?owner=nobody", "?owner=nonsense"])
def test_each_number_leads_to_a_list_of_so_many(officer, owner, whose):
    page = officer.get(f"{PAGE}{whose}").page
    links = [link for cell in page.main.all("td") for link in cell.all("a")]
    assert links
    for link in links:
        rows = officer.get(link["href"]).page.main.all("tbody")[0].all("tr")
        assert str(len(rows)) == link.text.split()[0], link["href"]
    assert owner.name not in page.main.text


def test_where_nothing_is_due_it_says_so(officer):
    said = officer.get(PAGE).page.main.text
    assert "No next action is due today, and none is overdue." in said
    assert "First answers" not in said


def test_beside_ones_own_list_it_says_that_the_packs_are_the_whole_teams(officer, db, at):
    with db.transaction() as session:
        make_enquiry(session, due_at=at + timedelta(days=1), pack_settled_at=None)
    whole, own = (officer.get(f"{PAGE}{whose}").page for whose in ("", "?owner=mine"))
    assert [[part.text for part in page.main.all("h2")] for page in (whole, own)] == [
        ["First answers and letters"],
        ["First answers and letters of the whole team"],
    ]
    assert "1 information pack to send" in own.main.text
