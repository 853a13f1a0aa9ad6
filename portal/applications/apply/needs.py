"""What an advert asks of whoever applies: the one thing that the form depends on.

A value that can be compared, so that the form of an advert is made once and not for every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from portal.applications.apply.options import RegisterBody
from portal.vacancies.models import Vacancy
from portal.vacancies.options import (
    AnswerStyle,
    AssessedBy,
    CarUser,
    Importance,
    InterviewScheme,
    Registration,
)

BODIES: dict[Registration, tuple[RegisterBody, ...]] = {
    Registration.SOCIAL_WORK_ENGLAND: (RegisterBody.SWE,),
    Registration.HCPC: (RegisterBody.HCPC,),
    Registration.EITHER: (RegisterBody.SWE, RegisterBody.HCPC),
}


BY_CERTIFICATE = {AssessedBy.APPLICATION.value, AssessedBy.CERTIFICATE.value}


class Wanted(NamedTuple):
    """A criterion that is answered in writing."""

    id: int
    wording: str
    essential: bool
    by_certificate: bool = False
    """Whether the panel looks at a certificate beside the answer, and at nothing else."""

    @property
    def name(self) -> str:
        """The name of the question."""
        return f"criterion_{self.id}"


@dataclass(frozen=True, slots=True)
class Needs:
    """What the form of one advert depends on."""

    registers: tuple[RegisterBody, ...]
    asye: bool
    travel: bool
    one_statement: bool
    criteria: tuple[Wanted, ...]
    """Essential first; none where one statement is asked for."""
    disability_confident: bool
    schemes: tuple[InterviewScheme, ...]
    regulated: bool
    anonymous: bool = True
    """Whether those who shortlist see no names."""


def needs_of(vacancy: Vacancy) -> Needs:
    """What this advert asks; needs its criteria loaded."""
    one_statement = vacancy.answer_style is AnswerStyle.STATEMENT
    return Needs(
        registers=BODIES.get(vacancy.registration or Registration.NONE, ()),
        asye=vacancy.asye_suitable,
        travel=vacancy.car_user is not CarUser.NOT_NEEDED,
        one_statement=one_statement,
        criteria=() if one_statement else in_writing(vacancy),
        disability_confident=vacancy.disability_confident,
        schemes=tuple(scheme for scheme in InterviewScheme if scheme.value in vacancy.other_schemes),
        regulated=vacancy.regulated_activity,
        anonymous=vacancy.anonymise_shortlisting,
    )


def in_writing(vacancy: Vacancy) -> tuple[Wanted, ...]:
    """The criteria that the panel looks for in the application; all of them where it says of none."""
    read = [line for line in vacancy.criteria if AssessedBy.APPLICATION.value in line.assessed_by]
    wanted = [
        Wanted(
            line.id,
            line.wording,
            line.importance is Importance.ESSENTIAL,
            by_certificate=set(line.assessed_by) == BY_CERTIFICATE,
        )
        for line in read or vacancy.criteria
    ]
    return tuple(sorted(wanted, key=lambda line: not line.essential))
