"""How the databases answer the queue: each filter in the order of an index, a search from indexes alone.

Times are for `make bench`; what makes them is tested here: nothing is sorted that an index has in order.
"""

from dataclasses import replace

import pytest
from sqlalchemy import event, inspect, text

from portal.council import load_council
from portal.fostering.follow_up import queries
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.models import Activity
from portal.fostering.options import ActivityKind, Area, Stage, Status
from tests.support.builders import make_enquiry
from tests.support.databases import ON_POSTGRESQL

TABLE = "fostering_enquiries"
TEAM = load_council().fostering

EACH = {
    "queue": (QueueFilters(), ("status", "due_at", "id")),
    "stage": (QueueFilters(stage=Stage.NEW), ("stage", "status", "due_at", "id")),
    "area": (QueueFilters(area=Area.HANTS), ("area", "status", "due_at", "id")),
    "owner": (QueueFilters(owner="mine"), ("owner_id", "status", "due_at", "id")),
    "owner_area": (QueueFilters(owner="mine", area=Area.IOW), ("owner_id", "area", "status", "due_at", "id")),
    "unowned": (QueueFilters(owner="nobody"), ("status", "due_at", "id")),
    "flagged": (QueueFilters(flagged=True), ("status", "due_at", "id")),
}
"""Index → filters that it answers, and its columns: those asked for, then the order of the list."""
CLOSED = {
    ("finished" if name == "queue" else f"{name}_finished"): (
        replace(filters, status=Status.CLOSED),
        tuple("received_at" if column == "due_at" else column for column in columns),
    )
    for name, (filters, columns) in EACH.items()
    if name != "owner_area"
}


def plan_of(session, filters, at, *, as_full=True):
    """What the database would do for this page, as text; as with tables too large to be read whole."""
    seen = []

    def hear(_connection, _cursor, statement, parameters, *_rest):
        seen.append((statement, parameters))

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", hear)
    try:
        queries.queue_page(session, filters, reader=1, at=at, team=TEAM)
    finally:
        event.remove(bind, "before_cursor_execute", hear)
    sqlite = bind.dialect.name == "sqlite"
    if as_full and not sqlite:  # a table without rows is read whole, whatever indexes there are
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        session.execute(text("SET LOCAL enable_incremental_sort = off"))
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    rows = session.connection().exec_driver_sql(explain + seen[-1][0], seen[-1][1]).all()
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("name", [*EACH, *CLOSED])
def test_each_filter_has_an_index_in_the_order_of_the_list(db, at, name):
    filters, columns = {**EACH, **CLOSED}[name]
    with db.reading() as session:
        plan = plan_of(session, filters, at)
        kept = {index["name"]: index for index in inspect(session.connection()).get_indexes(TABLE)}
    assert tuple(kept[f"ix_{TABLE}_{name}"]["column_names"]) == columns
    assert "ORDER BY" not in plan, plan
    assert "Sort" not in plan, plan
    assert "SCAN fostering_enquiries" not in plan.replace("SCAN fostering_enquiries USING", ""), plan


def test_a_search_reads_no_row_but_those_it_shows(db, at):
    with db.reading() as session:
        plan = plan_of(session, QueueFilters(search="heron"), at)
    alone = plan.count("COVERING INDEX") + plan.count("Index Only Scan")
    assert alone >= 4, plan


@ON_POSTGRESQL
def test_what_was_agreed_with_each_household_is_asked_row_by_row(db, at):
    """Else the database reads all activities there are for a page of twenty-five households."""
    with db.transaction() as session:
        for _ in range(100):
            session.add(Activity(enquiry_id=make_enquiry(session).id, at=at, kind=ActivityKind.NOTE))
        session.flush()
        session.execute(text("ANALYZE fostering_enquiries, fostering_activities"))
        plan = plan_of(session, QueueFilters(), at, as_full=False)
    asked = [part for part in plan.split("SubPlan")[1:] if "fostering_activities" in part]
    assert len(asked) == 3, plan
    ways = ("enquiry_id = fostering_enquiries.id", "enquiry_id = fostering_history.enquiry_id")
    assert all(any(way in part for way in ways) for part in asked), plan
