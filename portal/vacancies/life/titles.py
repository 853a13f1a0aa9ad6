"""Titles that only registered people may use, and which register a post must therefore ask for.

“Social worker” is protected (Social Work England). Of psychologists nine titles are (Health and Care
Professions Council); “psychologist” alone is not. Who is not qualified yet, or only assists, is on no
register (domain: recruitment §2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.vacancies.models import Vacancy
from portal.vacancies.options import ContractType, HcpcDomain, JobFamily, Registration, RoleLevel

SOCIAL_WORKER = re.compile(r"\bsocial\s+workers?\b", re.IGNORECASE)
PSYCHOLOGIST = re.compile(
    r"\b(practitioner|registered|clinical|counselling|educational|forensic|health|occupational"
    r"|sports?(?:\s+and\s+exercise)?)\s+(?:child\s+)?psychologists?\b",
    re.IGNORECASE,
)
HCPC = "Health and Care Professions Council"
NOT_QUALIFIED = re.compile(
    r"\b(trainee|assistant|apprentice(?:ship)?|student)\b(?!\s+(team|service)\s+manager)", re.IGNORECASE
)

PRE_QUALIFICATION = frozenset(
    {
        RoleLevel.STUDENT,
        RoleLevel.ASSISTANT,
        RoleLevel.TRAINEE_PSYCHOLOGIST,
        RoleLevel.ASSISTANT_PSYCHOLOGIST,
    }
)
SOCIAL_WORK_LEVELS = frozenset(
    {RoleLevel.NEWLY_QUALIFIED, RoleLevel.SOCIAL_WORKER, RoleLevel.EXPERIENCED_SOCIAL_WORKER}
)
PSYCHOLOGY_LEVELS = frozenset(
    {RoleLevel.PSYCHOLOGIST, RoleLevel.SENIOR_PSYCHOLOGIST, RoleLevel.PRINCIPAL_PSYCHOLOGIST}
)
WITH_SOCIAL_WORK_ENGLAND = frozenset({Registration.SOCIAL_WORK_ENGLAND, Registration.EITHER})
WITH_HCPC = frozenset({Registration.HCPC, Registration.EITHER})


def is_before_qualification(vacancy: Vacancy) -> bool:
    """Whether the person appointed is not meant to be on a register: trainee, student, assistant."""
    return (
        vacancy.role_level in PRE_QUALIFICATION
        or vacancy.contract_type is ContractType.APPRENTICESHIP
        or NOT_QUALIFIED.search(vacancy.title or "") is not None
    )


def is_social_worker(vacancy: Vacancy) -> bool:
    """Whether the post has the protected title of a social worker, or is one by its level."""
    if is_before_qualification(vacancy):
        return False
    senior = vacancy.role_level is RoleLevel.SENIOR_PRACTITIONER and vacancy.family is JobFamily.SOCIAL_WORK
    return bool(
        SOCIAL_WORKER.search(vacancy.title or "") or vacancy.role_level in SOCIAL_WORK_LEVELS or senior
    )


def protected_psychologist(vacancy: Vacancy) -> re.Match[str] | None:
    """The protected title of a practitioner psychologist in the job title, if there is one."""
    return None if is_before_qualification(vacancy) else PSYCHOLOGIST.search(vacancy.title or "")


def domain_of(title: str) -> HcpcDomain | None:
    """The domain that a protected title names; “practitioner” and “registered” name none."""
    word = title.casefold().removesuffix("s").split()[0]
    return next((domain for domain in HcpcDomain if domain.value == word), None)


def registration_refusals(vacancy: Vacancy) -> Iterator[tuple[str, str]]:
    """Column and sentence of everything that is wrong with what the post asks of registration."""
    asked = vacancy.registration
    if asked is None:
        yield "registration", "Select which professional registration the post needs, or none"
        return
    if is_social_worker(vacancy) and asked not in WITH_SOCIAL_WORK_ENGLAND:
        yield (
            "registration",
            "“Social worker” is a protected title: ask for registration with Social Work England",
        )
    title = protected_psychologist(vacancy)
    if title is not None and asked not in WITH_HCPC:
        yield (
            "registration",
            f"“{title[0].capitalize()}” is a protected title: ask for registration with the {HCPC}",
        )
    if asked is not Registration.NONE and vacancy.registration_by is None:
        yield "registration_by", "Select by when the registration must be in place"
    yield from domain_refusals(vacancy, title)


def domain_refusals(vacancy: Vacancy, title: re.Match[str] | None) -> Iterator[tuple[str, str]]:
    """A practitioner psychologist is registered in a domain, and it is the one of the title."""
    if vacancy.registration not in WITH_HCPC:
        return
    named = domain_of(title[1]) if title is not None else None
    if vacancy.hcpc_domain is None:
        yield "hcpc_domain", "Select the domain in which the psychologist must be registered"
    elif named is not None and vacancy.hcpc_domain is not named:
        wanted = named.label.lower()
        yield "hcpc_domain", f"The job title says {wanted}, so the domain must be {wanted}"
