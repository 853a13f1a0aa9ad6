"""What an answer says: drawn once from the template of its status, from then on plain text for HR to edit.

An answer keeps a marker where its candidate is called by name. It is filled in what leaves, and on pages
only where the name may be seen: under the veil nobody may read it before shortlisting.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import InterviewMode, News
from portal.applications.reasons import Reason, essential_criteria, reason_of
from portal.core.mail import render_mail
from portal.core.text import clean_line
from portal.core.wording import local_date
from portal.vacancies.models import Vacancy
from portal.vacancies.options import DbsLevel, Registration

TOLD = frozenset(Status) - {
    *(Status.SUBMITTED, Status.SIFTING, Status.INTERVIEWED, Status.STARTED, Status.WITHDRAWN)
}
"""What candidates are told of. The others are the council’s own steps, or the candidate’s own deed."""

MARKER = "[name]"
NO_NAME = "applicant"
LONGEST_NAME = 60
BETWEEN_LETTERS = frozenset(" -'’")

AFTER_INTERVIEW = frozenset({Status.UNSUCCESSFUL_INTERVIEW})

SENTENCES: dict[Reason, str] = {
    Reason.LOWER_SCORE: (
        "We had several strong applications, and others showed more evidence for what this job needs."
    ),
    Reason.NOT_REGISTERED: "The job needs professional registration, and we could not see that you have it.",
    Reason.NO_RIGHT_TO_WORK: (
        "The job needs the right to work in the UK, and we could not see that you have it or that we could"
        " sponsor you."
    ),
    Reason.CHECKS: "Not all the checks that we make before somebody starts came out as this job needs.",
}
"""Reasons that one sentence says, to the person and without a judgement on them.

Of the others, criteria are listed in the advert’s own words; “another reason” is for HR to put into words.
"""


def written(
    application: Application,
    vacancy: Vacancy,
    reasons: Sequence[str],
    at: datetime,
    *,
    news: News | None = None,
    interview_told: datetime | None = None,
) -> tuple[str, str]:
    """Subject and body of what this application’s candidate is told of its status, or of other news.

    `interview_told` is the interview that they know of.
    """
    after = application.status in AFTER_INTERVIEW
    facts = {
        "reference": application.reference,
        "title": vacancy.title,
        "reasons": [*sentences(reasons, application.advert, after_interview=after)],
        "interview_at": application.interview_at,
        "interview_ahead": interview_told if interview_told is not None and interview_told > at else None,
        "interview_how": how_of(application),
        "starts_on": application.starts_on,
        "interview_days": days_ahead(vacancy, at),
        "checks": checks_of(vacancy),
    }
    return render_mail(f"answer_{news or application.status}", facts)


def addressed(body: str, application: Application) -> str:
    """The text with its candidate called as they ask to be."""
    return body.replace(MARKER, called(application))


def called(application: Application) -> str:
    """What the candidate asks to be called, where it is plainly a name: nobody’s free text is mailed."""
    name = " ".join(clean_line(application.preferred_name or application.given_names).split())
    return name if 0 < len(name) <= LONGEST_NAME and is_plain(name) else NO_NAME


def is_plain(name: str) -> bool:
    """Whether it begins with a letter and is letters with accents, spaces, hyphens and apostrophes alone."""
    return name[0].isalpha() and all(
        letter.isalpha() or letter in BETWEEN_LETTERS or unicodedata.category(letter).startswith("M")
        for letter in name
    )


def sentences(codes: Sequence[str], advert: Mapping[str, Any], *, after_interview: bool) -> Iterator[str]:
    """Stored reasons as sentences in the second person; nothing for those that only HR can put into words."""
    wordings = dict(essential_criteria(advert))
    numbers = [int(number) for number in (code.partition(":")[2] for code in codes) if number]
    missed = [wordings[number] for number in numbers if number in wordings]
    if missed:
        where = "At your interview" if after_interview else "In your application"
        lines = "\n".join(f"- {wording}" for wording in missed)
        yield f"{where} we did not find enough evidence of:\n\n{lines}"
    elif Reason.ESSENTIAL in map(reason_of, codes):
        yield "We did not find enough evidence of everything that the advert calls essential."
    for code in codes:
        if sentence := SENTENCES.get(reason_of(code)):
            yield sentence


def how_of(application: Application) -> str:
    """How an interview takes place, and where, as far as somebody has said so."""
    mode, place = application.interview_mode, application.interview_place
    if not mode and not place:
        return "We will tell you before that day where to come, or how to join if it is by video."
    joined = mode in (InterviewMode.VIDEO, InterviewMode.PHONE)
    told = [f"It takes place {mode.hint}."] if mode else []
    told += [f"{'How to join' if joined else 'Where to come'}: {place.rstrip('.')}."] if place else []
    return " ".join(told)


def days_ahead(vacancy: Vacancy, at: datetime) -> list[date]:
    """The interview days of the advert that still lie ahead."""
    days = map(date.fromisoformat, vacancy.interview_dates)
    return [day for day in days if day > local_date(at)]


def checks_of(vacancy: Vacancy) -> list[str]:
    """The checks that follow an offer, by name only."""
    dbs, register = vacancy.dbs_level, vacancy.registration
    return [
        "who you are, and your right to work in the UK",
        "references",
        *(
            [f"a Disclosure and Barring Service (DBS) check: {dbs.label[0].lower()}{dbs.label[1:]}"]
            if dbs not in (None, DbsLevel.NONE)
            else []
        ),
        *([f"your registration: {register.label}"] if register not in (None, Registration.NONE) else []),
        "your qualifications, where the job needs them",
        "certificates from other countries, if you have lived or worked there",
        "a health questionnaire that only occupational health reads",
    ]
