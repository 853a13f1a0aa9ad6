"""What is usual for a post of some level: proposed in words beside a question, never chosen for anybody."""

from __future__ import annotations

from portal.vacancies.options import DbsLevel, JobFamily, Registration, RoleLevel

LEADING = frozenset({RoleLevel.DIRECTOR, RoleLevel.HEAD_OF_SERVICE})
"""Chief officers and their deputies: restricted by the Local Government and Housing Act 1989."""

ASSISTING = frozenset(
    {
        RoleLevel.STUDENT,
        RoleLevel.ASSISTANT,
        RoleLevel.TRAINEE_PSYCHOLOGIST,
        RoleLevel.ASSISTANT_PSYCHOLOGIST,
    }
)
"""Levels at which people are not registered yet."""


def usual_check(level: object, family: object) -> str:
    """The DBS check that such posts have."""
    if level not in list(RoleLevel):
        return "The duties must make the post eligible for the check"
    label = DbsLevel.ENHANCED_CHILDREN.label[:1].lower() + DbsLevel.ENHANCED_CHILDREN.label[1:]
    if family == JobFamily.MANAGEMENT and level in LEADING:
        return (
            f"Usual where the post manages social work directly: {label}. Others may not be eligible for it"
        )
    return f"Usual for a post with children: {label}. The duties must make the post eligible"


def usually_restricted(level: object) -> str:
    """Whether such posts are politically restricted."""
    if level in list(LEADING):
        return (
            "Usual at this level: yes. Chief officers and those who report to them may not stand for "
            "election or campaign"
        )
    return "Usual at this level: no. It is yes for posts that advise committees or speak for the council"


def usual_registration(level: object, family: object) -> str:
    """The register that such posts ask for."""
    if level in list(ASSISTING):
        return f"Usual at this level: {Registration.NONE.label.lower()}"
    if family == JobFamily.SOCIAL_WORK:
        return "Usual for social work: Social Work England. The title “social worker” is protected by law"
    if family == JobFamily.PSYCHOLOGY:
        return (
            "Usual for psychology: Health and Care Professions Council. The titles of its seven kinds "
            "are protected"
        )
    return "A post that carries a protected title needs its register"
