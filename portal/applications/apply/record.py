"""What lists, exports and rules read of an application, taken from its answers when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.applications.apply.options import RegistrationStatus
from portal.applications.apply.registration_forms import body_of
from portal.applications.apply.support_forms import scheme_name
from portal.applications.history.facts import facts_of_history
from portal.applications.names import name_key
from portal.applications.options import RightToWork, Source
from portal.journeys.answers import Answers
from portal.vacancies.options import InterviewScheme

YES = "yes"


def columns_of(answers: Answers, facts: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The typed columns of an application with these answers, judged already."""
    history = facts_of_history(answers, on, facts)
    given, family = str(answers.get("given_names")), str(answers.get("family_name"))
    return {
        "given_names": given,
        "family_name": family,
        "preferred_name": answers.get("preferred_name") or None,
        "name_key": name_key(given, family),
        "email": answers.get("email"),
        "phone": answers.get("phone"),
        "town": answers.get("town"),
        "postcode": answers.get("postcode") or None,
        "internal": answers.get("internal_employee") == YES,
        "right_to_work": RightToWork(answers.get("right_to_work")),
        "source": Source(answers.get("source")) if answers.get("source") else None,
        "highest_qualification": history.highest_qualification,
        "current_employer": history.current_employer,
        "current_job_title": history.current_job_title,
        "gap_count": history.gap_count,
        "flags": history.flags,
        "disability_confident": answers.get("dc_scheme") == YES,
        "other_schemes": [
            scheme.value for scheme in InterviewScheme if answers.get(scheme_name(scheme)) == YES
        ],
        "adjustments_needed": answers.get("adjustments") == YES,
        **registration_columns(answers, facts),
    }


def registration_columns(answers: Answers, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The register, and the number of whoever is on it."""
    status = answers.get("reg_status")
    if not status:
        return {}
    body = body_of(facts, answers.flat())
    number = answers.get("swe_number") or answers.get("hcpc_number")
    return {
        "registration_body": body.value if body is not None else None,
        "registration_status": status,
        "registration_number": number if status == RegistrationStatus.REGISTERED else None,
        "asye_status": answers.get("asye_status"),
    }
