"""One advert as its template draws it: facts, pay, promises and criteria in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from markupsafe import Markup

from portal.core.options import Option
from portal.core.wording import day, local_date, moment, money, plural
from portal.inspections.queries import QuotationCard
from portal.vacancies.models import Vacancy
from portal.vacancies.options import (
    AssessedBy,
    ContractType,
    Flexibility,
    Importance,
    InterviewScheme,
    Offer,
    PayScale,
    Registration,
    WorkingPattern,
)
from portal.vacancies.pay import actual_pay, full_time_pay, half_time_pay
from portal.vacancies.search.filters import Filters
from portal.vacancies.similar import Similar
from portal.vacancies.wording import (
    after_the_first,
    closes_soon,
    closing_time,
    hours_in_words,
    in_words,
    patterns_in_words,
    plain_number,
    time_left,
)

Rows = list[tuple[str, str, None]]
"""Label and value, as the component for summary lists takes them (nothing can be changed here)."""


class Requirement(NamedTuple):
    """One criterion, and where the panel looks for it."""

    wording: str
    looked_for: str


class Line(Protocol):
    """A criterion, as a row or as read with the advert."""

    @property
    def wording(self) -> str: ...
    @property
    def importance(self) -> Importance: ...
    @property
    def assessed_by(self) -> list[str]: ...


class Like(NamedTuple):
    """A similar vacancy."""

    url: str
    title: str
    is_demo: bool
    team: str
    pay: str
    closes: str


class Advert(NamedTuple):
    """Everything the page says that is not plainly a column."""

    vacancy: Vacancy
    is_open: bool
    left: str
    """“20 days left”; empty once it has ended."""
    soon: bool
    facts: list[tuple[str, str]]
    pay: Rows
    promises: Rows
    dates: Rows
    criteria: list[tuple[str, list[Requirement]]]
    registration: str
    schemes: str
    evidence: Sequence[QuotationCard]
    """What inspectors said, as chosen for this advert."""
    similar: list[Like]
    alert_query: str
    """The search that an alert about such vacancies begins with."""


def advert_of(
    vacancy: Vacancy,
    at: datetime,
    criteria: Iterable[Line] | None = None,
    evidence: Sequence[QuotationCard] = (),
    similar: Iterable[Similar] = (),
) -> Advert:
    """The page of a vacancy; needs its team loaded, and its criteria unless they are given."""
    is_open = vacancy.is_open(at)
    return Advert(
        vacancy=vacancy,
        is_open=is_open,
        left=time_left(vacancy.closes_at, at) if is_open and vacancy.closes_at else "",
        soon=is_open and vacancy.closes_at is not None and closes_soon(vacancy.closes_at, at),
        facts=facts_of(vacancy, at),
        pay=pay_of(vacancy),
        promises=promises_of(vacancy),
        dates=dates_of(vacancy, at),
        criteria=criteria_of(vacancy.criteria if criteria is None else criteria),
        registration=registration_of(vacancy),
        schemes=in_words(labels_of(InterviewScheme, vacancy.other_schemes)),
        evidence=evidence,
        similar=[like(other) for other in similar],
        alert_query=alert_of(vacancy).query(),
    )


def like(other: Similar) -> Like:
    """One line of the list of similar vacancies."""
    return Like(
        url=f"/vacancies/{other.slug}",
        title=other.title,
        is_demo=other.is_demo,
        team=other.team,
        pay=actual_pay(other) or full_time_pay(other),
        closes=closing_time(other.closes_at),
    )


def alert_of(vacancy: Vacancy) -> Filters:
    """The search that finds such vacancies: the kind of work, and the hours where they are not full time."""
    full_time = WorkingPattern.FULL_TIME in vacancy.working_patterns
    patterns = () if full_time else tuple(vacancy.working_patterns)
    return Filters(family=(vacancy.family.value,), pattern=patterns)


def facts_of(vacancy: Vacancy, at: datetime) -> list[tuple[str, str]]:
    """What people look for first."""
    actual = actual_pay(vacancy)
    pay = in_lines(actual, f"{full_time_pay(vacancy)} full time") if actual else full_time_pay(vacancy)
    fte = f" ({plain_number(vacancy.fte)} of full time)" if vacancy.fte != 1 else ""
    hours = hours_in_words(vacancy.hours_per_week) + fte
    worked = in_lines(patterns_in_words(vacancy.working_patterns), hours)
    return [
        ("Pay", pay),
        ("Hours", worked),
        ("Contract", contract_of(vacancy)),
        ("Team", vacancy.team.name),
        ("Place", place_of(vacancy)),
        closing_of(vacancy, at),
    ]


def closing_of(vacancy: Vacancy, at: datetime) -> tuple[str, str]:
    """The closing time, and what is left until then."""
    if vacancy.closes_at is None or vacancy.ended_at is None:
        return "Closes", ""
    if not vacancy.is_open(at):
        return ended_word(vacancy), moment(vacancy.ended_at)
    return "Closes", in_lines(moment(vacancy.closes_at), time_left(vacancy.closes_at, at))


def ended_word(vacancy: Vacancy) -> str:
    """What ended it: whatever came first."""
    return "Withdrawn" if vacancy.cancelled_at and vacancy.cancelled_at == vacancy.ended_at else "Closed"


def in_lines(*lines: str) -> str:
    """One fact in several lines, without those that say nothing."""
    return Markup("<br>").join(line for line in lines if line)


def labels_of(options: type[Option], codes: Sequence[str]) -> list[str]:
    """The labels of codes, in the order of the options."""
    return [option.label for option in options if option in codes]


def contract_of(vacancy: Vacancy) -> str:
    """“Fixed term until 31 August 2027 (cover for parental leave)”."""
    words = vacancy.contract_type.label
    if vacancy.number_of_posts > 1:
        words = f"{vacancy.number_of_posts} posts, {words.lower()}"
    if vacancy.contract_ends_on is not None:
        words += f" until {day(vacancy.contract_ends_on)}"
    if vacancy.contract_reason is not None and vacancy.contract_type is not ContractType.PERMANENT:
        words += f" ({vacancy.contract_reason.label.lower()})"
    return words


def place_of(vacancy: Vacancy) -> str:
    """Where the work is based, with the address where there is one, and how flexible that is."""
    street = vacancy.address if vacancy.address != vacancy.location_base else None
    flexible = after_the_first(labels_of(Flexibility, vacancy.flexible))
    address = ", ".join(filter(None, (street, vacancy.postcode)))
    return in_lines(vacancy.location_base, address, ", ".join(flexible))


def pay_of(vacancy: Vacancy) -> Rows:
    """Pay taken apart: salary, what the hours make of it, grade and points, and each supplement by itself."""
    actual = actual_pay(vacancy)
    shared = not actual and not {"part_time", "job_share"}.isdisjoint(vacancy.working_patterns)
    supplement = extra_of(vacancy.market_supplement, " a year", vacancy.market_supplement_terms)
    rows = [
        ("Full-time salary" if actual else "Salary", full_time_pay(vacancy)),
        (paid_time(vacancy), actual),
        (f"For {hours_in_words(vacancy.hours_per_week / 2)}", half_time_pay(vacancy) if shared else ""),
        ("Grade", grade_of(vacancy)),
        ("About the salary", vacancy.salary_note or ""),
        ("Market supplement", supplement),
        ("Welcome payment", extra_of(vacancy.welcome_payment, ", once", vacancy.welcome_payment_terms)),
        ("Retention payment", extra_of(vacancy.retention_payment, "", vacancy.retention_payment_terms)),
        ("Help with moving", offer_of(vacancy.relocation)),
        ("Visa sponsorship", offer_of(vacancy.visa_sponsorship)),
    ]
    return filled(rows)


def paid_time(vacancy: Vacancy) -> str:
    """“For 22.2 hours a week”, with the paid weeks where only term time is worked."""
    weeks = "" if vacancy.paid_weeks is None else f", {plain_number(vacancy.paid_weeks)} paid weeks a year"
    return f"For {hours_in_words(vacancy.hours_per_week)}{weeks}"


def grade_of(vacancy: Vacancy) -> str:
    """“Council grade 10, spinal column points 31 to 36”."""
    scale = "" if vacancy.pay_scale is PayScale.OTHER else vacancy.pay_scale.label
    parts = [" ".join(part for part in (scale, vacancy.grade) if part)]
    if vacancy.scp_min is not None and vacancy.scp_max is not None:
        if vacancy.scp_min == vacancy.scp_max:
            parts.append(f"spinal column point {vacancy.scp_min}")
        else:
            parts.append(f"spinal column points {vacancy.scp_min} to {vacancy.scp_max}")
    return ", ".join(part for part in parts if part)


def extra_of(amount: int | None, often: str, terms: str | None) -> str:
    """An amount apart from the salary, with what it is tied to."""
    if amount is None:
        return ""
    return in_lines(money(amount) + often, terms or "")


def offer_of(offer: Offer) -> str:
    """Said either way: nobody should have to ask."""
    return {Offer.YES: "Yes", Offer.NO: "Not for this post", Offer.CONSIDERED: offer.label}[offer]


def promises_of(vacancy: Vacancy) -> Rows:
    """Workload as figures that can be held against us."""
    most, now = vacancy.caseload_cap, vacancy.caseload_average
    caseload = [f"no more than {plural(most, 'child', 'children')}"] if most else []
    caseload += [f"{now} on average now"] if now else []
    weeks = vacancy.supervision_weeks
    often = "week" if weeks == 1 else f"{weeks} weeks"
    rows = [
        ("Caseload, full time", "; ".join(caseload).capitalize()),
        ("Reflective supervision", f"At least once every {often}" if weeks else ""),
        ("ASYE", vacancy.asye_support or ""),
        ("Working from home", home_days(vacancy.hybrid_days)),
        ("Size of the team", plural(vacancy.team_size, "person", "people") if vacancy.team_size else ""),
        ("Duty", vacancy.duty_rota or ""),
        ("Travel", vacancy.car_user.label),
    ]
    return filled(rows)


def home_days(days: int | None) -> str:
    """“Up to 2 days a week”; nothing where it was not said."""
    if days is None:
        return ""
    return f"Up to {plural(days, 'day')} a week" if days else "Not in this post"


def dates_of(vacancy: Vacancy, at: datetime) -> Rows:
    """What happens when; the day of the last change only where that was later than the first day.

    After a withdrawal nobody is interviewed and nobody starts; people who applied still hear.
    """
    goes_on = vacancy.cancelled_at is None
    interviews = [date.fromisoformat(text) for text in vacancy.interview_dates] if goes_on else []
    listed = vacancy.visible_from
    changed = listed is not None and local_date(vacancy.updated_at) > local_date(listed)
    ended = vacancy.ended_at is not None and vacancy.ended_at <= at
    rows = [
        (ended_word(vacancy) if ended else "Closes", moment(vacancy.ended_at) if vacancy.ended_at else ""),
        ("Interviews", in_words(map(day, interviews))),
        ("Everyone hears by", day(vacancy.decision_promised_on) if vacancy.decision_promised_on else ""),
        ("Starts", day(vacancy.starts_on) if vacancy.starts_on and goes_on else ""),
        ("Listed", day(listed) if listed else ""),
        ("Last changed", day(vacancy.updated_at) if changed else ""),
        ("Reference", vacancy.reference),
    ]
    return filled(rows)


def filled(rows: Iterable[tuple[str, str]]) -> Rows:
    """Those that say something."""
    return [(label, value, None) for label, value in rows if value]


def criteria_of(criteria: Iterable[Line]) -> list[tuple[str, list[Requirement]]]:
    """The person specification, essential first."""
    groups: dict[Importance, list[Requirement]] = {importance: [] for importance in Importance}
    for criterion in criteria:
        places = in_words(labels_of(AssessedBy, criterion.assessed_by))
        groups[criterion.importance].append(Requirement(criterion.wording, places))
    return [(importance.label, found) for importance, found in groups.items() if found]


def registration_of(vacancy: Vacancy) -> str:
    """“registered with Social Work England when you apply”; empty where no register is asked for."""
    if vacancy.registration in (None, Registration.NONE):
        return ""
    names = {
        Registration.SOCIAL_WORK_ENGLAND: "Social Work England",
        Registration.HCPC: "the Health and Care Professions Council as a practitioner psychologist",
        Registration.EITHER: "Social Work England or, as a practitioner psychologist, with the Health and "
        "Care Professions Council",
    }
    domain = f" ({vacancy.hcpc_domain.label.lower()})" if vacancy.hcpc_domain else ""
    when = f" {vacancy.registration_by.label}" if vacancy.registration_by else ""
    return f"registered with {names[vacancy.registration]}{domain}{when}"
