"""What became of those who enquired in the same month or quarter, once they had nine months’ time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from portal.fostering.reporting.deidentified import DeidentifiedRow
from portal.fostering.reporting.measures import Share, Spread, percent_of
from portal.fostering.reporting.outcomes import Reached
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
    last: str = field(init=False)
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

    def __post_init__(self) -> None:
        self.last = month_after(self.first, self.months - 1)

    def add(self, row: DeidentifiedRow, rules: Rules) -> None:
        """One enquiry of these months, or one that tells of a household of these months.

        Speed is owed to every enquiry, conversion counts households, by whichever enquiry they came so far.
        """
        if not rules.counts(row):
            return
        if self.holds(row.reached_month):
            self.visits += Reached.VISIT in row.reached
            self.applications += Reached.APPLICATION in row.reached
            self.visited_applied += Reached.VISIT_AND_APPLICATION in row.reached
            self.approvals += Reached.APPROVAL in row.reached
        if self.holds(row.received_month):
            self.receive(row, rules)

    def receive(self, row: DeidentifiedRow, rules: Rules) -> None:
        """One that came in these months."""
        self.received += 1
        self.on_time.add(row.attempt_on_time)
        self.talked.add(row.contact_on_time)
        self.hours.add(row.hours_to_first_attempt)
        self.households += rules.is_household(row)

    def holds(self, month: str | None) -> bool:
        """Whether a month is one of these."""
        return month is not None and self.first <= month <= self.last

    def too_early(self, today: date) -> bool:
        """Whether the last of them have had less than nine months."""
        return today < first_day(month_after(self.first, self.months + TIME_TO_TELL))

    @property
    def label(self) -> str:
        """November 2026, or October to December 2026."""
        if self.months == 1:
            return month_label(self.first)
        return f"{first_day(self.first):%B} to {month_label(self.last)}"

    @property
    def shares(self) -> dict[str, float | None]:
        """Visit, application and approval of all who enquired, and each of those a step before."""
        return {
            "enquiry_to_visit_pct": percent_of(self.visits, self.households),
            "visit_to_application_pct": percent_of(self.visited_applied, self.visits),
            "application_to_approval_pct": percent_of(self.approvals, self.applications),
            "enquiry_to_approval_pct": percent_of(self.approvals, self.households),
        }
