"""The written columns of an advert: what each is called, and how its value is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.core.options import Option
from portal.core.wording import day, moment, money
from portal.vacancies.options import (
    AnswerStyle,
    AssessedBy,
    CarUser,
    ContractReason,
    ContractType,
    DbsLevel,
    Flexibility,
    HcpcDomain,
    Importance,
    InterviewScheme,
    JobFamily,
    Offer,
    PayScale,
    Registration,
    RegistrationBy,
    RoleLevel,
    WorkingPattern,
)
from portal.vacancies.wording import plain_number

Words = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Written:
    """A column that somebody writes: its name on the forms, how its value is said, what the audit holds."""

    label: str
    words: Words = str
    audit: str = "value"
    """`value`; `digest` for a long text; `changed` for what names or reaches a person."""


def of(options: type[Option]) -> Words:
    """The label of a code, or the labels of several."""

    def words(value: Any) -> str:
        codes = [value] if isinstance(value, str) else value
        return "; ".join(options(code).label if code in set(options) else str(code) for code in codes)

    return words


def yes_no(value: Any) -> str:
    """Yes or no."""
    return "Yes" if value else "No"


def pounds(value: Any) -> str:
    """£41,000."""
    return money(value)


def hours(value: Any) -> str:
    """22.2."""
    return plain_number(Decimal(value))


def iso_day(value: Any) -> str:
    """14 December 2026."""
    return day(date.fromisoformat(value))


def iso_days(values: Iterable[str]) -> str:
    """Several of them."""
    return "; ".join(map(iso_day, values))


def iso_moment(value: Any) -> str:
    """11:59pm on Sunday 13 December 2026."""
    return moment(datetime.fromisoformat(value))


def listed(values: Iterable[Any]) -> str:
    """Several, as they are."""
    return "; ".join(map(str, values))


def criteria_words(lines: Any) -> str:
    """The person specification, a line each."""
    places = of(AssessedBy)
    kind = of(Importance)
    return "\n".join(
        f"{kind(line['importance'])}: {line['wording']} ({places(line['assessed_by'])})" for line in lines
    )


def panel_words(members: Any) -> str:
    """The panel, a line each."""
    return "\n".join(
        f"{member['name']}, {member['email']}"
        + (f", trained in safer recruitment on {iso_day(on)}" if (on := member["trained_on"]) else "")
        for member in members
    )


WRITTEN: dict[str, Written] = {
    "title": Written("Job title"),
    "family": Written("Kind of work", of(JobFamily)),
    "role_level": Written("Level", of(RoleLevel)),
    "team": Written("Team"),
    "number_of_posts": Written("Number of posts"),
    "hr_post_number": Written("HR post number"),
    "covered_by_agency": Written("Covered by an agency worker", yes_no),
    "contract_type": Written("Contract", of(ContractType)),
    "contract_ends_on": Written("Contract ends", iso_day),
    "contract_reason": Written("Why the contract ends", of(ContractReason)),
    "starts_on": Written("Start date", iso_day),
    "working_patterns": Written("Working patterns", of(WorkingPattern)),
    "flexible": Written("Flexible working", of(Flexibility)),
    "hours_per_week": Written("Hours a week", hours),
    "full_time_hours": Written("Full-time hours", hours),
    "paid_weeks": Written("Paid weeks a year", hours),
    "pay_scale": Written("Pay scale", of(PayScale)),
    "grade": Written("Grade"),
    "scp_min": Written("Lowest spinal column point"),
    "scp_max": Written("Highest spinal column point"),
    "salary_min": Written("Lowest salary", pounds),
    "salary_max": Written("Highest salary", pounds),
    "salary_note": Written("Note on pay"),
    "market_supplement": Written("Market supplement", pounds),
    "market_supplement_terms": Written("Terms of the market supplement", audit="digest"),
    "welcome_payment": Written("Welcome payment", pounds),
    "welcome_payment_terms": Written("Terms of the welcome payment", audit="digest"),
    "retention_payment": Written("Retention payment", pounds),
    "retention_payment_terms": Written("Terms of the retention payment", audit="digest"),
    "relocation": Written("Help with moving", of(Offer)),
    "visa_sponsorship": Written("Visa sponsorship", of(Offer)),
    "location_base": Written("Based at"),
    "address": Written("Address"),
    "postcode": Written("Postcode"),
    "car_user": Written("Travel", of(CarUser)),
    "dbs_level": Written("DBS check", of(DbsLevel)),
    "regulated_activity": Written("Regulated activity", yes_no),
    "politically_restricted": Written("Politically restricted", yes_no),
    "fluency_duty": Written("Fluency duty", yes_no),
    "registration": Written("Professional registration", of(Registration)),
    "registration_by": Written("Registration needed", of(RegistrationBy)),
    "hcpc_domain": Written("Domain of registration", of(HcpcDomain)),
    "asye_suitable": Written("Suitable for the ASYE", yes_no),
    "minimum_pqe_years": Written("Years since qualifying"),
    "disability_confident": Written("Disability Confident", yes_no),
    "other_schemes": Written("Other interview schemes", of(InterviewScheme)),
    "anonymise_shortlisting": Written("Names hidden while shortlisting", yes_no),
    "answer_style": Written("What applicants write", of(AnswerStyle)),
    "summary": Written("Summary", audit="digest"),
    "description": Written("The work", audit="digest"),
    "about_team": Written("The team", audit="digest"),
    "benefits": Written("What else people get", audit="digest"),
    "evidence": Written("What inspectors said", listed),
    "caseload_cap": Written("Most children for one worker"),
    "caseload_average": Written("Average caseload"),
    "supervision_weeks": Written("Weeks between supervisions"),
    "asye_support": Written("Support in the first year", audit="digest"),
    "hybrid_days": Written("Days a week from home"),
    "team_size": Written("Size of the team"),
    "duty_rota": Written("Duty rota", audit="digest"),
    "contact_name": Written("Contact", audit="changed"),
    "contact_email": Written("Contact’s email address", audit="changed"),
    "contact_phone": Written("Contact’s phone number", audit="changed"),
    "hiring_manager_id": Written("Hiring manager’s account", audit="changed"),
    "hiring_manager_name": Written("Hiring manager", audit="changed"),
    "hr_owner_id": Written("Looked after in HR by", audit="changed"),
    "publish_at": Written("Published from", iso_moment),
    "closes_at": Written("Closing time", iso_moment),
    "may_close_early": Written("May close early", yes_no),
    "interview_dates": Written("Interview dates", iso_days),
    "decision_promised_on": Written("Everyone hears by", iso_day),
    "advertising_channels": Written("Where it is advertised", listed),
    "criteria": Written("Criteria", criteria_words, audit="digest"),
    "panel": Written("Panel", panel_words, audit="changed"),
}
"""Everything that somebody writes, in the order of the forms."""


def said(name: str, value: Any) -> str:
    """A stored value in words; “Nothing” where there is none. Never raises for what a revision holds."""
    if value in (None, "", []):
        return "Nothing"
    return WRITTEN[name].words(value)
