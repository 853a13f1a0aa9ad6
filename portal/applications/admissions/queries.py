"""Reads of late admissions: what HR has allowed for a vacancy, and what is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.admissions.models import LateAdmission
from portal.applications.candidates.models import ApplicationDraft, Candidate
from portal.applications.keeping.models import VacancyHold
from portal.core.retention import Due
from portal.core.wording import local_date
from portal.council import Retention
from portal.vacancies.models import Vacancy

ADMISSION = "late admission"


def admissions_of(session: Session, vacancy_id: int) -> Sequence[LateAdmission]:
    """Everybody who was admitted late, the newest first."""
    wanted = select(LateAdmission).where(LateAdmission.vacancy_id == vacancy_id)
    return session.scalars(wanted.order_by(LateAdmission.id.desc())).all()


def admission_to_take_back(
    session: Session, vacancy: str, number: int, *, lock: bool = False
) -> LateAdmission | None:
    """One of a vacancy’s admissions."""
    wanted = (
        select(LateAdmission)
        .join(Vacancy, Vacancy.id == LateAdmission.vacancy_id)
        .where(Vacancy.reference == vacancy, LateAdmission.id == number)
    )
    return session.scalars(wanted.with_for_update(of=LateAdmission) if lock else wanted).one_or_none()


def has_gone_on(session: Session, admission: LateAdmission) -> bool:
    """Whether its candidate has begun, or gone on with what was begun, since they were admitted."""
    wanted = (
        select(ApplicationDraft.id)
        .join(Candidate, Candidate.id == ApplicationDraft.candidate_id)
        .where(
            ApplicationDraft.vacancy_id == admission.vacancy_id,
            Candidate.email_key == admission.email_key,
            ApplicationDraft.saved_at >= admission.admitted_at,
        )
    )
    return session.scalars(wanted).first() is not None


def due_admissions(session: Session, at: datetime, periods: Retention) -> list[tuple[int, Due]]:
    """Those that are over for as long as a draft is kept: addresses and reasons go with them.

    On a vacancy on legal hold they stay, as the mails about them do.
    """
    long_ago = at - timedelta(days=periods.candidate_draft_days)
    wanted = (
        select(LateAdmission.id, LateAdmission.until, Vacancy.reference)
        .join(Vacancy, Vacancy.id == LateAdmission.vacancy_id)
        .outerjoin(VacancyHold, VacancyHold.vacancy_id == Vacancy.id)
        .where(LateAdmission.until <= long_ago, VacancyHold.vacancy_id.is_(None))
        .order_by(LateAdmission.id)
    )
    return [
        (
            row.id,
            Due(
                ADMISSION,
                f"ADMISSION-{row.id} for {row.reference}",
                local_date(row.until + timedelta(days=periods.candidate_draft_days)),
            ),
        )
        for row in session.execute(wanted)
    ]
