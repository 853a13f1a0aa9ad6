"""What became of those who came in the same months."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import delete, select

from portal.core.access import Actor
from portal.council import load_council
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage, Status
from portal.fostering.reporting import counts
from portal.fostering.reporting.cohorts import Cohort
from portal.fostering.reporting.deidentified import deidentified
from portal.fostering.reporting.models import AnonymousEnquiry
from portal.fostering.reporting.outcomes import Place
from portal.fostering.reporting.queries import Asked, current_rules
from portal.fostering.reporting.rules import Rules
from portal.fostering.reporting.service import keep_row
from tests.support.builders import make_enquiry

DAY = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
TEAM = load_council().fostering


def test_a_share_of_the_visited_counts_none_who_applied_without_a_visit(db, at):
    visited, applied = {"visit_done_at": at + timedelta(days=9)}, {"application_at": at + timedelta(days=30)}
    cohort = Cohort("2026-11")
    with db.transaction() as session:
        for changes in ({}, visited, applied, visited | applied, applied):
            enquiry = make_enquiry(session, **changes)
            cohort.add(deidentified(enquiry, at=at + timedelta(days=60), team=TEAM), Rules())
    assert (cohort.visits, cohort.applications) == (2, 3)
    assert cohort.shares["visit_to_application_pct"] == 50
    assert cohort.shares["enquiry_to_visit_pct"] == 40


def year_of(db, at):
    """Visits, applications, both and approvals of each month of the year that has any."""
    with db.reading() as session:
        asked = Asked(Actor.system("test"), at, current_rules(session), TEAM)
        months = [month.cohort for month in counts.months_in(session, 2026, asked)]
    told = {one.first: (one.visits, one.applications, one.visited_applied, one.approvals) for one in months}
    return {month: steps for month, steps in told.items() if any(steps)}


def let_go(db, identifier, at, *, bare=False):
    with db.transaction() as session:
        keep_row(session, session.get(Enquiry, identifier), at=at, council=load_council(), bare=bare)
        session.execute(delete(Enquiry).where(Enquiry.id == identifier))


FAMILY = (
    {},
    {"visit_done_at": DAY},
    {"application_at": DAY, "approved_at": DAY, "status": Status.APPROVED, "stage": Stage.APPROVED},
    {"visit_done_at": DAY, "application_at": DAY},
)


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_a_household_s_steps_are_its_first_month_s_in_whatever_order_records_go(db, order):
    with db.transaction() as session:
        ids = [
            make_enquiry(
                session, household_key="one", received_at=DAY + timedelta(days=40 * place), **came
            ).id
            for place, came in enumerate(FAMILY)
        ]
        make_enquiry(session, household_key="one", received_at=DAY - timedelta(days=250), **FAMILY[1])
    later = DAY + timedelta(days=120)
    assert year_of(db, later) == {"2026-11": (1, 1, 1, 1)}
    for place in order:
        let_go(db, ids[place], later, bare=place == 2)
        assert year_of(db, later) == {"2026-11": (1, 1, 1, 1)}, place


def test_what_a_second_enquiry_comes_to_after_the_first_has_gone_is_the_first_one_s_too(db):
    with db.transaction() as session:
        first = make_enquiry(session, household_key="one", received_at=DAY, visit_done_at=DAY).id
        second = make_enquiry(session, household_key="one", received_at=DAY + timedelta(days=50)).id
    later = DAY + timedelta(days=120)
    let_go(db, first, later)
    assert year_of(db, later) == {"2026-11": (1, 0, 0, 0)}
    with db.transaction() as session:
        session.get(Enquiry, second).application_at = later
    assert year_of(db, later) == {"2026-11": (1, 1, 1, 0)}
    let_go(db, second, later)
    assert year_of(db, later) == {"2026-11": (1, 1, 1, 0)}


def test_a_row_kept_before_households_were_followed_tells_of_itself(db):
    with db.transaction() as session:
        for repeats in (False, True):
            enquiry = make_enquiry(session, received_at=DAY, visit_done_at=DAY)
            kept = AnonymousEnquiry.of(deidentified(enquiry, at=DAY, team=TEAM, place=Place(repeats=repeats)))
            kept.reached = kept.reached_month = None
            session.add(kept)
            session.flush()
            session.delete(enquiry)
    assert year_of(db, DAY) == {"2026-11": (1, 0, 0, 0)}


def test_no_kept_row_and_no_enquiry_that_stays_points_at_the_other(db):
    with db.transaction() as session:
        first = make_enquiry(session, household_key="k" * 32, received_at=DAY, visit_done_at=DAY).id
        second = make_enquiry(session, household_key="k" * 32, received_at=DAY + timedelta(days=50)).id
    let_go(db, first, DAY + timedelta(days=60))
    with db.reading() as session:
        kept = session.scalars(select(AnonymousEnquiry)).one()
        values = {name: getattr(kept, name) for name in kept.__table__.columns.keys()}  # noqa: SIM118
        stays = session.get(Enquiry, second)
        assert "k" * 32 not in str(values)
        assert (stays.household_month, stays.household_reached) == ("2026-11", ["VISIT"])
