"""Codes of the answers to an application’s questions, with the words people see (domain §2, §9)."""

from __future__ import annotations

from portal.core.options import Option


class Travel(Option):
    """How somebody would get about, where the post asks."""

    CAR = "car", "Yes, by car"
    OTHER = "other", "Yes, by other means"
    NO = "no", "No"


class RegisterBody(Option):
    """The registers that posts ask for."""

    SWE = "swe", "Social Work England"
    HCPC = "hcpc", "Health and Care Professions Council"


class RegistrationStatus(Option):
    """Where somebody stands with a register. Nobody is refused for it: people look at it."""

    REGISTERED = "registered", "I am registered"
    APPLIED = "applied", "I have applied and am waiting"
    QUALIFYING = "qualifying", "I am due to qualify"
    LAPSED = "lapsed", "I was registered before"
    NONE = "none", "I am not registered"


class AsyeStatus(Option):
    """The assessed and supported year in employment."""

    COMPLETED = "completed", "I have completed it"
    IN_PROGRESS = "in_progress", "I am doing it now"
    NOT_STARTED = "not_started", "I have not started it"
    EXEMPT = "exempt", "I qualified before it existed, or outside England"


class QualificationRoute(Option):
    """How somebody became a social worker."""

    STEP_UP = "step_up", "Step Up to Social Work"
    APPROACH = "approach", "Approach Social Work"
    APPRENTICESHIP = "apprenticeship", "Degree apprenticeship"
    UNDERGRADUATE = "undergraduate", "Undergraduate degree"
    POSTGRADUATE = "postgraduate", "Postgraduate degree"
    OTHER = "other", "Another route"
