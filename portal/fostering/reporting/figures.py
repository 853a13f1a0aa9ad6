"""The figures of a financial year: names, words, and how each is counted (domain §7.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.fostering.closures import Closure
from portal.fostering.options import Channel, Stage
from portal.fostering.reporting.deidentified import Application, DeidentifiedRow
from portal.fostering.reporting.periods import months_of_year
from portal.fostering.reporting.rules import DUPLICATES, REDIRECTS, Rules

APPROVED = Stage.APPROVED.value
WITHDRAWN = (Closure.AW1, Closure.AW2, Closure.AW3, Closure.AW4, Closure.AW5, Closure.AW0)
DECIDED = (APPROVED, Closure.ADN)
TOLD_APART = frozenset({*DECIDED, *WITHDRAWN, Closure.WS, Closure.S1N})


@dataclass(frozen=True, slots=True)
class Year:
    """The financial year that is counted, by its first and last month."""

    first: str
    last: str

    @classmethod
    def of(cls, year: int) -> Year:
        """The one that begins in April of this year."""
        months = months_of_year(year)
        return cls(months[0], months[-1])

    def holds(self, month: str | None) -> bool:
        """Whether a month is one of it."""
        return month is not None and self.first <= month <= self.last


Amount = Callable[[DeidentifiedRow, Rules], bool]
Case = Callable[[Application, Year], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One number: its name in files, its words on pages, how it is counted, and of what."""

    name: str
    words: str
    meaning: str
    enquiry: Amount | None = None
    """Which enquiries received in the year are counted."""
    application: Case | None = None
    """Which applications are counted, of enquiries of any year."""
    part: bool = False
    """Whether it is a part of the figure above it."""


def ended(outcome: Callable[[str], bool]) -> Case:
    """Applications that ended in the year with such an outcome."""
    return lambda one, year: year.holds(one.ended_month) and outcome(str(one.outcome))


def part(name: str, words: str, meaning: str, *outcomes: str) -> Figure:
    """The completed applications that had one of these outcomes."""
    counted = ended(lambda outcome: outcome in outcomes)
    return Figure(name=name, words=words, meaning=meaning, application=counted, part=True)


def going_on(one: Application, before: str) -> bool:
    """Whether it was accepted before this month began and had not ended by then."""
    return one.applied_month < before and (one.ended_month is None or one.ended_month >= before)


def still_going(one: Application, year: Year) -> bool:
    """Whether it had not ended with the year."""
    return one.applied_month <= year.last and (one.ended_month is None or one.ended_month > year.last)


RECEIVED = (
    Figure(
        name="enquiries_received",
        words="Everything received",
        meaning="Every enquiry that came in the year. The next figures tell it apart.",
        enquiry=lambda _row, _rules: True,
    ),
    Figure(
        name="initial_enquiries_mainstream_households",
        words="Initial enquiries from mainstream households",
        meaning="Households, each once a year; a couple is one household. Without what the counting rules "
        "leave out.",
        enquiry=lambda row, rules: rules.is_household(row),
    ),
    *(
        Figure(
            name=f"initial_enquiries_{channel.value}",
            words=channel.label,
            meaning="By how the household’s first enquiry of the year reached the service.",
            enquiry=lambda row, rules, channel=channel: rules.is_household(row) and row.channel is channel,  # type: ignore[misc]
            part=True,
        )
        for channel in Channel
    ),
    Figure(
        name="of_which_from_hub",
        words="Initial enquiries from the regional hub",
        meaning="Of the households above, those that the hub handed over, whatever the way.",
        enquiry=lambda row, rules: rules.is_household(row) and row.hub,
        part=True,
    ),
    Figure(
        name="repeat_enquiries",
        words="Further enquiries of the same households",
        meaning="Of a household that counts already in this year.",
        enquiry=lambda row, rules: rules.counts(row) and row.repeats,
    ),
    Figure(
        name="excluded_duplicates",
        words="Left out: duplicates",
        meaning="Closed as a duplicate, where the counting rules leave duplicates out.",
        enquiry=lambda row, rules: not rules.counts(row) and row.closure_code in DUPLICATES,
    ),
    Figure(
        name="excluded_redirects",
        words="Left out: redirected",
        meaning="Closed as meant for another service, or as no enquiry about fostering.",
        enquiry=lambda row, rules: not rules.counts(row) and row.closure_code in REDIRECTS,
    ),
    Figure(
        name="excluded_other",
        words="Left out: other reasons",
        meaning="Not genuine, and whatever else the counting rules leave out.",
        enquiry=lambda row, rules: not rules.counts(row) and row.closure_code not in DUPLICATES | REDIRECTS,
    ),
)

APPLICATIONS = (
    Figure(
        name="applications_open_at_1_apr",
        words="Applications open on 1 April",
        meaning="Accepted before the year and not ended before it.",
        application=lambda one, year: going_on(one, year.first),
    ),
    Figure(
        name="applications_received",
        words="Applications received",
        meaning="Accepted in the year, of enquiries of any year.",
        application=lambda one, year: year.holds(one.applied_month),
    ),
    Figure(
        name="applications_completed",
        words="Applications completed",
        meaning="Ended in the year: approved, not approved, withdrawn, or ended by the service.",
        application=ended(lambda _outcome: True),
    ),
    part("approved", "Approved", "Approved in the year.", APPROVED),
    part("not_approved", "Not approved", "Closed as not approved by the decision maker.", Closure.ADN),
    part(
        "withdrawn_by_applicant_total",
        "Withdrawn by the applicant",
        "The six reasons below together.",
        *WITHDRAWN,
    ),
    *(
        part(code.value, f"{code.value}: {code.label}", "Ofsted’s reason for withdrawing.", code)
        for code in WITHDRAWN
    ),
    part("withdrawn_by_service", "Withdrawn by the service", "Closed with that reason.", Closure.WS),
    part("not_suitable_stage1", "Not suitable after Stage 1", "Closed with that reason.", Closure.S1N),
    Figure(
        name="completed_otherwise",
        words="Completed otherwise",
        meaning="Closed with a reason that is none for an application: to be looked at.",
        application=ended(lambda outcome: outcome not in TOLD_APART),
        part=True,
    ),
    Figure(
        name="applications_in_progress_at_31_mar",
        words="Applications in progress on 31 March",
        meaning="Accepted by then and not ended by then; before that day, as it stands today.",
        application=still_going,
    ),
)

TIMES = (
    Figure(
        name="median_days_application_to_decision",
        words="Median days from application to decision",
        meaning="Of applications that were approved or not approved in the year, by the decision’s day.",
        application=lambda one, year: decided(one, year) and one.days_to_decision is not None,
    ),
    Figure(
        name="pct_within_8_months",
        words="Within eight months, per cent",
        meaning="Of those decided in the year: the panel’s recommendation, or without a panel the decision, "
        "came within eight months of the application.",
        application=lambda one, year: decided(one, year) and one.in_time is not None,
    ),
    Figure(
        name="enquiry_to_application_pct",
        words="Applications for each hundred initial enquiries",
        meaning="Applications received in the year divided by its initial enquiries.",
        application=lambda one, year: year.holds(one.applied_month),
    ),
)

FIGURES = (*RECEIVED, *APPLICATIONS, *TIMES)
BY_NAME = {figure.name: figure for figure in FIGURES}


def decided(one: Application, year: Year) -> bool:
    """Whether the decision maker’s yes or no ended it in the year."""
    return year.holds(one.ended_month) and one.outcome in DECIDED
