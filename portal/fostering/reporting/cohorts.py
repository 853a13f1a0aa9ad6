"""What became of those who enquired in the same month or quarter, once they had nine months’ time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from portal.fostering.options import Stage
from portal.fostering.reporting.deidentified import DeidentifiedRow
from portal.fostering.reporting.measures import Share, Spread, percent_of
from portal.fostering.reporting.periods import first_day, month_after, month_label
from portal.fostering.reporting.rules import Rules

TIME_TO_TELL = 9
"""Months from the end of the period until its shares are told (domain §7.4)."""


@dataclass(slots=True)
class Cohort:
    """Households that first enquired in these months, and how far they came."""

    first: str
    """The first month."""
    months: int = 1
    received: int = 0
    """Every enquiry that counts, a household’s second in the year too."""
    households: int = 0
    visits: int = 0
    applications: int = 0
    visited_applied: int = 0
    """Those who applied among the visited: who came from another service may have been visited there."""
    approvals: int = 0
    on_time: Share = field(default_factory=Share)
    talked: Share = field(default_factory=Share)
    hours: Spread = field(default_factory=Spread)

    def add(self, row: DeidentifiedRow, rules: Rules) -> None:
        """One enquiry of these months. Speed is owed to every enquiry, conversion counts households."""
        if not rules.counts(row):
            return
        self.received += 1
        self.on_time.add(row.attempt_on_time)
        self.talked.add(row.contact_on_time)
        self.hours.add(row.hours_to_first_attempt)
        if rules.is_household(row):
            self.households += 1
            visited, applied = row.days_to_visit is not None, row.days_to_application is not None
            self.visits += visited
            self.applications += applied
            self.visited_applied += visited and applied
            self.approvals += row.furthest_stage is Stage.APPROVED

    def too_early(self, today: date) -> bool:
        """Whether the last of them have had less than nine months."""
        return today < first_day(month_after(self.first, self.months + TIME_TO_TELL))

    @property
    def label(self) -> str:
        """November 2026, or October to December 2026."""
        if self.months == 1:
            return month_label(self.first)
        last = month_after(self.first, self.months - 1)
        return f"{first_day(self.first):%B} to {month_label(last)}"

    @property
    def shares(self) -> dict[str, float | None]:
        """Visit, application and approval of all who enquired, and each of those a step before."""
        return {
            "enquiry_to_visit_pct": percent_of(self.visits, self.households),
            "visit_to_application_pct": percent_of(self.visited_applied, self.visits),
            "application_to_approval_pct": percent_of(self.approvals, self.applications),
            "enquiry_to_approval_pct": percent_of(self.approvals, self.households),
        }
