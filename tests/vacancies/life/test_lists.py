"""HR’s lists: every advert in exactly one, counts that agree with rows, and any address answered sanely."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select, text

from portal.core.access import Actor
from portal.vacancies.life.lists import queries as list_queries
from portal.vacancies.life.lists.filters import ListFilters, Only, filters_of
from portal.vacancies.life.lists.tabs import Tab, is_in, status_at
from portal.vacancies.models import Vacancy
from portal.vacancies.options import Outcome, Status
from portal.vacancies.writing.models import VacancyDraft
from tests.support.builders import AT, make_staff
from tests.support.databases import ON_POSTGRESQL, ON_SQLITE
from tests.vacancies.life.adverts import DAY, STATES, actor_of, make_in_state, sent_by

LIST = "/staff/vacancies"
NOBODY = Actor.visitor()
SECOND = timedelta(seconds=1)

TAB_OF: dict[Status, Tab] = {
    Status.DRAFT: Tab.DRAFTS,
    Status.PENDING_APPROVAL: Tab.APPROVAL,
    Status.SCHEDULED: Tab.SCHEDULED,
    Status.OPEN: Tab.OPEN,
    Status.CLOSED: Tab.CLOSED,
    Status.FILLED: Tab.ENDED,
    Status.PART_FILLED: Tab.ENDED,
    Status.NOT_FILLED: Tab.ENDED,
    Status.CANCELLED: Tab.ENDED,
    Status.ARCHIVED: Tab.ARCHIVED,
}
"""The one list that an advert of each state is in."""


def references(page):
    found = [row.first("span", class_="nowrap") for row in page.main.all("tr")]
    return [reference.text for reference in found if reference is not None]


def make_writing(session, number, vacancy=None, **changes):
    values = {
        "reference": vacancy.reference if vacancy else f"SCC-CS-2026-8{number:03}",
        "vacancy_id": vacancy.id if vacancy else None,
        "title": f"Unfinished {number}",
        "created_at": AT,
        "created_by_name": "Wilma Example",
        "updated_at": AT - number * SECOND,
        "updated_by_name": "Wilma Example",
    }
    session.add(VacancyDraft(**{**values, **changes}))
    session.flush()


def everything(session):
    """Adverts with every combination of dates and decisions that can be."""
    edges = (AT - SECOND, AT, AT + SECOND)
    for publish, close in product((AT - 3 * DAY, *edges), (*edges, AT + 3 * DAY)):
        if publish < close:
            for decided in ("", "cancelled_at", "closed_early_at", "archived_at"):
                dates = {"publish_at": publish, "closes_at": close}
                more = {decided: AT - SECOND} if decided else {}
                make_in_state(session, Status.SCHEDULED, **dates, **more)
    for status in STATES:
        make_in_state(session, status)
    make_in_state(session, Status.CANCELLED, archived_at=AT)
    make_in_state(session, Status.PENDING_APPROVAL, cancelled_at=AT)
    make_in_state(session, Status.CLOSED, outcome=Outcome.NOT_FILLED, cancelled_at=AT)


@pytest.mark.parametrize("moment", [AT - SECOND, AT, AT + SECOND], ids=["before", "at", "after"])
def test_every_advert_is_in_exactly_one_list_and_the_database_knows_its_state(db, moment):
    with db.transaction() as session:
        everything(session)
    with db.reading() as session:
        rows = session.scalars(select(Vacancy)).all()
        known = dict(iter(session.execute(select(Vacancy.id, status_at(moment)))))
        inside = {tab: set(session.scalars(select(Vacancy.id).where(is_in(tab, moment)))) for tab in Tab}
    assert {row.id: row.status(moment).value for row in rows} == known
    for row in rows:
        assert [tab for tab in Tab if row.id in inside[tab]] == [TAB_OF[row.status(moment)]]


def test_counts_agree_with_the_rows_of_every_list(db):
    with db.transaction() as session:
        everything(session)
        sent_back = make_in_state(session, Status.DRAFT)
        make_writing(session, 1, sent_back)
        make_writing(session, 2, make_in_state(session, Status.OPEN))
        make_writing(session, 3)
    with db.reading() as session:
        counts = list_queries.figures(session, by=NOBODY, at=AT)
        total = len(session.scalars(select(Vacancy.id)).all())
        unfinished = len(session.scalars(select(VacancyDraft.id)).all())
        for tab in Tab:
            rows = all_rows(session, ListFilters(tab=tab))
            more = unfinished if tab is Tab.DRAFTS else 0
            assert counts.tabs[tab] == len(rows) + more, tab
        for only in Only:
            rows = all_rows(session, list_queries.only_filters(only))
            assert counts.only[only] == len(rows), only
    # Two are changes of adverts that are in a list of their own, or stand for one; one is new.
    assert sum(counts.tabs.values()) == total + unfinished - 1


def all_rows(session, filters):
    """Every row of a list, page by page."""
    rows, after = [], None
    for _page in range(50):
        page = list_queries.list_page(session, replaced(filters, after), by=NOBODY, at=AT)
        rows += page.rows
        after = page.next_after
        if after is None:
            break
    assert len({row.id for row in rows}) == len(rows)
    return rows


def replaced(filters, after):
    return ListFilters(tab=filters.tab, only=filters.only, q=filters.q, after=after)


def test_pages_hold_every_advert_once_in_order(db):
    with db.transaction() as session:
        for number in range(60):
            make_in_state(session, Status.OPEN, closes_at=AT + DAY + (number // 10) * SECOND)
    with db.reading() as session:
        rows = all_rows(session, ListFilters(tab=Tab.OPEN))
    assert len(rows) == 60
    assert [row.closes_at for row in rows] == sorted(row.closes_at for row in rows)


def test_drafts_are_paged_too(officer, db):
    with db.transaction() as session:
        for number in range(30):
            make_writing(session, number)
    page = officer.get(f"{LIST}?state=drafts").page
    assert len(references(page)) == 25
    onward = next(link for link in page.main.all("a") if link.get("rel") == "next")
    assert len(references(officer.get(onward["href"]).page)) == 5


def test_mine_to_approve_is_what_others_wrote_and_sent(db):
    with db.transaction() as session:
        one, other = (actor_of(make_staff(session, role="hr")) for _number in range(2))
        manager = make_staff(session, role="hiring_manager")
        first = make_in_state(session, Status.PENDING_APPROVAL, hiring_manager_id=manager.id)
        second = make_in_state(session, Status.PENDING_APPROVAL)
        sent_by(session, first, one)
        sent_by(session, second, other)
    filters = ListFilters(tab=Tab.APPROVAL, only=Only.MINE)
    with db.reading() as session:
        found = [
            {row.id for row in list_queries.list_page(session, filters, by=by, at=AT).rows}
            for by in (one, other, actor_of(manager))
        ]
        mine = list_queries.figures(session, by=one, at=AT).only[Only.MINE]
    assert found == [{second.id}, {first.id}, {first.id}]
    assert mine == 1


def test_a_search_finds_in_every_list_and_among_drafts(officer, db):
    with db.transaction() as session:
        for status in STATES:
            make_in_state(session, status, title="Kestrel practitioner", slug=f"kestrel-{status.value}")
        make_in_state(session, Status.OPEN, title="Another")
        make_writing(session, 1, title="Kestrel manager")
    page = officer.get(f"{LIST}?q=kestrel").page
    assert len(references(page)) == len(STATES) + 1
    assert "Unfinished writing" in page.main.text
    assert {status.label for status in STATES} <= {tag.text for tag in page.main.all("strong")}


@pytest.mark.parametrize("typed", ["SCC-CS-2026-4711", "scc-cs-2026-4711", "4711", " 4711 "])
def test_a_reference_is_found_however_it_is_said(officer, db, typed):
    with db.transaction() as session:
        make_in_state(session, Status.ARCHIVED, reference="SCC-CS-2026-4711")
        make_in_state(session, Status.OPEN)
    assert references(officer.get(LIST, query_string={"q": typed}).page) == ["SCC-CS-2026-4711"]


@pytest.mark.parametrize(
    "query",
    [
        "state=nothing&only=something&family=9&team=nowhere",
        "page=1000000000",
        "after=99999999999999999.999999999999999999",
        "after=0.0",
        "after=x.y&state=archived",
        "after=1.1&state=drafts",
        "q=%00%FF%27%22%3Cscript%3E",
        "q=" + "x" * 5000,
        "q=*%20OR%20%22&state=open",
        "q=²&state=²",
        "q=" + "9" * 30,
        "team=" + "t" * 5000,
        "state=open&state=closed&only=&q=",
    ],
)
def test_any_address_is_answered_with_a_page(officer, db, query):
    with db.transaction() as session:
        make_in_state(session, Status.OPEN)
    officer.any_quotes = True
    assert officer.get(f"{LIST}?{query}").status_code == 200
    assert officer.get(f"{LIST}/export?{query}").status_code == 200


def test_a_hiring_manager_is_named_by_their_account_or_as_typed(officer, db):
    with db.transaction() as session:
        person = make_staff(session, role="hiring_manager", name="Hedda Example")
        make_in_state(session, Status.OPEN, hiring_manager_id=person.id, hiring_manager_name=None)
        make_in_state(session, Status.OPEN, hiring_manager_name="Typed Example")
    words = officer.get(f"{LIST}?state=open").page.main.text
    assert "Hedda Example" in words
    assert "Typed Example" in words


def test_unknown_filters_are_no_filters():
    class Arguments(dict):
        def getlist(self, key):
            return self.get(key, [])

    found = filters_of(Arguments(state=["nowhere"], family=["x"], only=["y"], after=["z"]), Tab.OPEN)
    assert found == ListFilters(tab=Tab.OPEN)
    assert filters_of(Arguments(only=["mine"], state=["open"]), Tab.OPEN).tab is Tab.APPROVAL


def test_a_list_costs_the_same_few_statements_however_many_rows(officer, db, statements):
    made = Counter()
    for number in (1, 24):
        with db.transaction() as session:
            for _number in range(number):
                make_in_state(session, Status.OPEN)
        with statements() as found:
            officer.get(f"{LIST}?state=open")
        made[number] = len([one for one in found if "vacancies" in one])
    assert made[1] == made[24] == 2


def plan(session, statement, explain):
    compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return " ".join(" ".join(map(str, row)) for row in session.execute(text(f"{explain} {compiled}")))


INDICES = {
    Tab.APPROVAL: "ix_vacancies_waiting",
    Tab.OPEN: "ix_vacancies_running",
    Tab.CLOSED: "ix_vacancies_running",
    Tab.ENDED: "ix_vacancies_finished",
    Tab.ARCHIVED: "ix_vacancies_put_away",
}


@ON_SQLITE
@pytest.mark.parametrize("tab", INDICES)
def test_sqlite_walks_a_list_through_its_index(db, tab):
    with db.reading() as session:
        column, latest = list_queries.ORDER[tab]
        order = (column.desc(), Vacancy.id.desc()) if latest else (column, Vacancy.id)
        wanted = select(Vacancy.id).where(is_in(tab, AT)).order_by(*order).limit(26)
        found = plan(session, wanted, "EXPLAIN QUERY PLAN")
    assert "ix_vacancies_" in found
    assert "SCAN vacancies\n" not in found


@ON_POSTGRESQL
@pytest.mark.parametrize("tab", INDICES)
def test_postgresql_walks_a_list_through_its_index(db, tab):
    with db.transaction() as session:
        for _number in range(20):
            make_in_state(session, Status.OPEN)
    with db.reading() as session:
        session.execute(text("SET enable_seqscan = off"))
        column, latest = list_queries.ORDER[tab]
        order = (column.desc(), Vacancy.id.desc()) if latest else (column, Vacancy.id)
        wanted = select(Vacancy.id).where(is_in(tab, AT)).order_by(*order).limit(26)
        found = plan(session, wanted, "EXPLAIN")
        session.execute(text("RESET enable_seqscan"))
    assert "Seq Scan" not in found
