"""What became of those who came in the same months."""

from datetime import timedelta

from portal.council import load_council
from portal.fostering.reporting.cohorts import Cohort
from portal.fostering.reporting.deidentified import deidentified
from portal.fostering.reporting.rules import Rules
from tests.support.builders import make_enquiry

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
