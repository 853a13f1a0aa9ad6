"""What a council may change without changing the code: names, contacts, clocks, retention.

The values live in `council.toml` (Southampton's); `COUNCIL_FILE` names another council's file.
"""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from portal.council_values import (
    WEEKDAYS,
    Codes,
    Contact,
    Days,
    Email,
    EmailOrNothing,
    FileOrNothing,
    Line,
    LineOrNothing,
    Link,
    LinkOrNothing,
    Minutes,
    Months,
    Phone,
    Prefix,
    TimeOfDay,
    Weekday,
    WeeklyHours,
    Words,
    WorkingDays,
    Years,
    between,
)

DEFAULT_FILE = Path(__file__).with_name("council.toml")


AUDIT_AFTER = 24
"""Months for which it stays known who read a record that is gone (domain: fostering §8.2)."""


class CouncilError(ValueError):
    """The council's file cannot be used; the message names the table and the key that are wrong."""


# The parts of the file


@dataclass(frozen=True, kw_only=True, slots=True)
class FosteringClocks:
    """By when each step with a household is to follow the one before (domain: fostering §6)."""

    acknowledgement_minutes: Minutes
    """The mail that answers an enquiry sent online."""
    initial_call_working_days: WorkingDays
    """A conversation both ways, from receipt."""
    no_response_working_days: WorkingDays
    """After this long without an answer an enquiry may be closed as “no response”."""
    attempts_before_no_response: Annotated[int, between(1, 20)]
    """And after this many attempts to reach the household."""
    visit_working_days: WorkingDays
    """The initial visit, from the initial call."""
    visit_letter_working_days: WorkingDays
    """Telling them what came of the visit."""
    application_chase_working_days: WorkingDays
    """Asking after an application form that was sent."""
    stage_one_decision_working_days: Annotated[int, between(1, 10)]
    """From having all Stage 1 information; the law allows ten."""
    panel_months: Annotated[int, between(1, 8)]
    """From the application to the panel; the National Minimum Standards allow eight."""
    decision_working_days: WorkingDays
    """The decision maker’s, from the panel."""
    decision_told_working_days: WorkingDays
    """Telling the household by word of mouth, from the decision."""
    decision_notice_working_days: WorkingDays
    """Telling it in writing, from the decision too."""
    decision_review_days: Days
    """How long a household that was told in writing can ask for a review, in days of the calendar."""
    keep_in_touch_months: Annotated[int, between(1, 12)]
    """The latest review date, from the day on which it is set."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FosteringWarnings:
    """When a step is soon due (amber), and when past its limit (breach), from where its clock began."""

    acknowledgement_breach_minutes: Minutes
    information_pack_breach: WorkingDays
    """From receipt, where the portal could not send it at once: its target is the same moment."""
    first_contact_amber_percent: Annotated[int, between(1, 100)]
    """Of the working time until it is due."""
    first_contact_breach: WorkingDays
    initial_call_amber: WorkingDays
    initial_call_breach: WorkingDays
    visit_amber: WorkingDays
    visit_breach: WorkingDays
    visit_letter_breach: WorkingDays
    application_chase_breach: WorkingDays
    stage_one_decision_amber: WorkingDays
    keep_in_touch_breach: WorkingDays
    """From the review date."""
    panel_amber_months: Annotated[int, between(1, 8)]
    panel_breach_months: Annotated[int, between(1, 8)]


@dataclass(frozen=True, kw_only=True, slots=True)
class FosteringTeam:
    """The fostering service: how it is reached and which clocks it keeps (domain: fostering §6)."""

    email: Email
    phone: Phone
    hours: Line
    alert_email: Email
    opens: TimeOfDay
    closes: TimeOfDay
    evening_calls: bool
    first_contact_working_days: WorkingDays
    info_pack_follow_up_days: Days
    information_pack_url: LinkOrNothing
    extra_closed_days: tuple[date, ...]
    care_types: Codes
    duplicate_months: Months
    adoption_name: Line
    hub_name: Line
    hub_phone: Phone
    panel_before_decision: bool
    """Whether a panel sits before the decision maker decides; without one, Stage 2 leads to the decision."""
    clocks: FosteringClocks
    warnings: FosteringWarnings

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise CouncilError("in [fostering]: closes must be later in the day than opens")

    @property
    def opening_time(self) -> time:
        """When a working day begins, London time."""
        return time.fromisoformat(self.opens)

    @property
    def closing_time(self) -> time:
        """When a working day ends, London time; what comes later counts as received the next one."""
        return time.fromisoformat(self.closes)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecruitmentTeam:
    """The recruitment team, the weekly hours of a full-time post, and when an advert is warned about."""

    email: Email
    phone: Phone
    full_time_hours: WeeklyHours
    shortest_window_days: Days
    advert_words_least: Words
    advert_words_most: Words
    safer_recruitment_years: Years
    wording_list: FileOrNothing

    def __post_init__(self) -> None:
        if self.advert_words_least >= self.advert_words_most:
            raise CouncilError("in [recruitment]: advert_words_most must be more than advert_words_least")

    reference_prefix: Prefix


@dataclass(frozen=True, kw_only=True, slots=True)
class Applications:
    """How people apply (domain: recruitment §9)."""

    grace_minutes: Annotated[int, between(0, 60)]
    """For so many minutes after closing whoever began before may still send."""
    gap_min_months: Months
    """From how many whole months on a gap in a history has to be explained."""
    decision_reminder_working_days: WorkingDays
    """So many working days before the day by which everyone hears, HR is reminded of those who wait."""
    reuse_months: Months
    """How old an application may be whose answers are offered for the next one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VacancyAlerts:
    """When messages about new vacancies are sent, and how long people have to answer."""

    sends_at: TimeOfDay
    """London time of every day."""
    weekly_day: Weekday
    confirm_days: Days
    keep_months: Months
    """After so long without a word from its owner it is asked whether an alert is still wanted."""
    answer_days: Days
    """How long that question waits before the alert is deleted."""
    unsubscribe_email: EmailOrNothing
    """A mailbox that somebody reads, for mail programs that cannot unsubscribe by the web."""

    @property
    def sending_time(self) -> time:
        """London time."""
        return time.fromisoformat(self.sends_at)

    @property
    def weekday_number(self) -> int:
        """As dates count it: Monday is 0."""
        return WEEKDAYS.index(self.weekly_day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Escalation:
    """When staff call whom about a concern, in the council’s words; the numbers stand beside them."""

    emergency: Line
    children: Line
    out_of_hours: Line
    lado: Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Safeguarding:
    """Who to call about a child (domain: fostering §8.3)."""

    emergency: Phone
    public_phone: Phone
    out_of_hours_phone: Phone
    professionals_phone: Phone
    """For staff, who are not to wait in the public’s queue."""
    lado_phone: Phone
    """Of the designated officer, for concerns about people who work with children."""
    escalation: Escalation


@dataclass(frozen=True, kw_only=True, slots=True)
class DataProtection:
    """Who is answerable for the data, and which wording of the notice people saw."""

    controller: Line
    contact_email: Email
    notice_version: Line
    approved: bool
    """Whether information governance has approved notice and periods; until then the notice says so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """How long records are kept, in months unless the name says days (domain: fostering §8.2)."""

    enquiry_closed: Annotated[int, between(12, 36)]
    enquiry_redirected: Annotated[int, between(1, 36)]
    enquiry_spam_days: Days
    application_withdrawn: Annotated[int, between(36, 240, "the law asks for at least three years")]
    """Regulation 32(3) of the Fostering Services (England) Regulations 2011."""
    keep_in_touch_max: Annotated[int, between(1, 36)]
    """From the last contact with a household that is kept in touch with."""
    enquiry_approved: Annotated[int, between(1, 36)]
    """From the approval: the case system has the record then."""
    event_booking: Months
    """Places at an information event of somebody without an enquiry, from the event."""
    candidate_draft_days: Days
    """What somebody began and did not send, from the end of the advert (domain: recruitment §4.3)."""
    candidate_unsuccessful: Months
    """Applications without an appointment, from the last decision about the vacancy’s applicants."""
    candidate_undecided: Months
    """From the end of an advert: then its campaign counts as over for everybody who was decided about."""
    candidate_appointed: Months
    """Applications of people who were appointed, from their first day."""
    equality_answers: Months
    """Equality answers, from the last decision about the vacancy’s applicants; figures are stored before."""
    equality_figures: Months
    """Those figures, from the day on which they were made."""
    security_record: Annotated[int, between(24, 264)]
    """Events of the audit log, with network addresses (decision 0005)."""

    def __post_init__(self) -> None:
        kept = (
            self.enquiry_closed,
            self.keep_in_touch_max,
            self.application_withdrawn,
            self.enquiry_approved,
        )
        if self.security_record < max(kept) + AUDIT_AFTER:
            words = f"security_record must be {AUDIT_AFTER} months more than the longest period of an enquiry"
            raise CouncilError(f"in [retention]: {words}")


@dataclass(frozen=True, kw_only=True, slots=True)
class SecurityContact:
    """What /.well-known/security.txt says (RFC 9116)."""

    contact: Contact
    policy: LinkOrNothing
    expires_days: Days


@dataclass(frozen=True, kw_only=True, slots=True)
class Accessibility:
    """Dates and names of the accessibility statement; they must be true."""

    prepared_on: date
    reviewed_on: date
    tested_on: date
    tested_by: Line
    audited_by: LineOrNothing
    """Empty until somebody independent has audited the service."""
    tried_by_disabled_people: bool
    contact_email: Email


@dataclass(frozen=True, kw_only=True, slots=True)
class Council:
    """One council and its children's service."""

    name: Line
    short_name: Line
    service_name: Line
    directorate: Line
    website: Link
    fostering: FosteringTeam
    recruitment: RecruitmentTeam
    applications: Applications
    alerts: VacancyAlerts
    safeguarding: Safeguarding
    data_protection: DataProtection
    retention: Retention
    security: SecurityContact
    accessibility: Accessibility


Part = TypeVar("Part")


@cache
def load_council(path: Path | None = None) -> Council:
    """Read a council's file, Southampton's when none is named; raises CouncilError."""
    file = path or DEFAULT_FILE
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CouncilError(f"cannot read {file}: {error}") from error
    return _build(Council, data, "top level")


def _build(kind: type[Part], data: dict[str, Any], where: str) -> Part:
    """One dataclass from one table, refusing what is missing, unknown or not what it must be."""
    hints = get_type_hints(kind, include_extras=True)
    unknown, missing = set(data) - set(hints), set(hints) - set(data)
    if unknown or missing:
        raise CouncilError(f"in [{where}]: unknown {sorted(unknown)}, missing {sorted(missing)}")
    values = {}
    for name, hint in hints.items():
        if dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(data[name], dict):
            values[name] = _build(hint, data[name], name if kind is Council else f"{where}.{name}")
        else:
            values[name] = _checked(hint, data[name], f"in [{where}]: {name}")
    return kind(**values)


TYPES = {str: "text in quotation marks", int: "a whole number", bool: "true or false", date: "a date"}


def _checked(hint: Any, value: Any, which: str) -> Any:
    """The value, if it has the type and keeps the rules; `which` begins the message if not."""
    if get_origin(hint) is Annotated:
        plain, *rules = get_args(hint)
        value = _checked(plain, value, which)
        for rule in rules:
            if not rule.holds(value):
                raise CouncilError(f"{which} must be {rule.words}")
        return value
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise CouncilError(f"{which} must be a list")
        return tuple(_checked(get_args(hint)[0], entry, f"{which}: each entry") for entry in value)
    if type(value) is not hint:  # exactly: a bool is an int to Python, and a moment is a date
        raise CouncilError(f"{which} must be {TYPES.get(hint, 'a table')}")
    return value
