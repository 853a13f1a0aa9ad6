"""Applications: what somebody sent, where it stands, what was done, and what they were told.

Date of birth, National Insurance number, criminal record and health have no column here on purpose: they
are not asked before they are needed (domain recruitment §0). Equality answers are not here either.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.applications.options import (
    ApplicationStatus,
    HistoryKind,
    InterviewMode,
    MessageState,
    News,
    RightToWork,
    Source,
)
from portal.core.database import Base, BigId, Id, JsonData
from portal.vacancies.models import Vacancy

LIVE_INDEX = "uq_applications_live"
LIVE = text("status <> 'withdrawn'")
"""One live application for a vacancy: whoever withdrew may apply again."""


class Application(Base):
    """One application as it was sent; the answers never change afterwards.

    Columns hold what lists, exports and rules read; everything that was said is in `answers` (as the
    journey keeps them) and `snapshot` (questions as they were worded).
    """

    __tablename__ = "applications"

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id"))
    candidate_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("candidates.id", ondelete="SET NULL"), index=True
    )
    """None once the account was deleted; the application is kept for as long as the schedule says."""
    submitted_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)
    """Sent after closing: in the minutes of grace by somebody who had begun before, or admitted by HR."""
    form_version: Mapped[str] = mapped_column(String(40))
    notice_version: Mapped[str] = mapped_column(String(40))
    is_demo: Mapped[bool] = mapped_column(default=False)

    # Where it stands
    status: Mapped[ApplicationStatus] = mapped_column(default=ApplicationStatus.SUBMITTED)
    status_since: Mapped[datetime]
    told_status: Mapped[ApplicationStatus] = mapped_column(default=ApplicationStatus.SUBMITTED)
    """What the candidate has been told: their own page shows this, so that no page runs ahead of the mail."""
    outcome_reasons: Mapped[list[str]] = mapped_column(JsonData, default=list)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_from: Mapped[ApplicationStatus | None]
    """Where it stood before its candidate withdrew, or the post fell away: how far it came."""
    withdrawal_reason: Mapped[str | None] = mapped_column(String(40))
    shortlisted_at: Mapped[datetime | None]
    """When it was shortlisted first: from then on an anonymised advert shows who it is."""
    interview_at: Mapped[datetime | None]
    interview_mode: Mapped[InterviewMode | None]
    interview_place: Mapped[str | None] = mapped_column(String(200))
    """Where it is, or how to join: the council’s words."""
    offered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    starts_on: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    """When it came to its last outcome; retention counts from the campaign’s last one."""
    answered_at: Mapped[datetime | None]
    """When the candidate was first told an outcome: what “answered on time” is counted by."""
    answered_on: Mapped[date | None]
    """The London day of it, so that a database can compare it with the day that was promised."""
    told_late_at: Mapped[datetime | None]
    """When the candidate was told that the decision takes longer than the advert promised; once."""

    # Keeping
    hold_reason: Mapped[str | None] = mapped_column(String(200))
    held_at: Mapped[datetime | None]
    held_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    """A legal hold keeps it from retention."""
    equality_mark: Mapped[str | None] = mapped_column(String(64))
    """A keyed hash of the token of the equality answers: a job can follow it, no person can."""

    # Who
    given_names: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    preferred_name: Mapped[str | None] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(200))
    """Family and given names as searched and sorted."""
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(20))
    """E.164."""
    town: Mapped[str] = mapped_column(String(100))
    postcode: Mapped[str | None] = mapped_column(String(12))

    # What lists and exports read
    internal: Mapped[bool]
    right_to_work: Mapped[RightToWork]
    registration_body: Mapped[str | None] = mapped_column(String(40))
    registration_number: Mapped[str | None] = mapped_column(String(20))
    registration_status: Mapped[str | None] = mapped_column(String(40))
    asye_status: Mapped[str | None] = mapped_column(String(40))
    highest_qualification: Mapped[str | None] = mapped_column(String(200))
    current_employer: Mapped[str | None] = mapped_column(String(200))
    current_job_title: Mapped[str | None] = mapped_column(String(200))
    gap_count: Mapped[int] = mapped_column(default=0)
    """Gaps in the history that were found and explained; nothing is sent with an unexplained one."""
    flags: Mapped[list[str]] = mapped_column(JsonData, default=list)
    """Codes for people to look at, never a decision."""
    disability_confident: Mapped[bool] = mapped_column(default=False)
    other_schemes: Mapped[list[str]] = mapped_column(JsonData, default=list)
    adjustments_needed: Mapped[bool] = mapped_column(default=False)
    source: Mapped[Source | None]

    # Everything that was said; deferred where a list does not need it
    answers: Mapped[dict[str, Any]] = mapped_column(JsonData, deferred=True)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JsonData, deferred=True)
    advert: Mapped[dict[str, Any]] = mapped_column(JsonData, deferred=True)
    """What the advert said when it was sent (life.revisions.content_of)."""

    vacancy: Mapped[Vacancy] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    __table_args__ = (
        Index(
            LIVE_INDEX,
            "vacancy_id",
            "candidate_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_applications_list", "vacancy_id", "status", "submitted_at", "id"),
        Index("ix_applications_names", "vacancy_id", "status", "name_key", "id"),
    )


class ApplicationHistory(Base):
    """Something that happened to an application."""

    __tablename__ = "application_history"
    __table_args__ = (Index("ix_application_history_application", "application_id", "id"),)

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("applications.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[HistoryKind]
    from_status: Mapped[ApplicationStatus | None]
    to_status: Mapped[ApplicationStatus | None]
    reasons: Mapped[list[str]] = mapped_column(JsonData, default=list)
    note: Mapped[str | None] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    """What a change of status overwrote, so that an undo puts back exactly that."""
    undoes_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("application_history.id", ondelete="CASCADE")
    )
    """The change that this entry took back."""
    by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    by_name: Mapped[str] = mapped_column(String(120))


class ApplicationNote(Base):
    """What a member of staff noted; the candidate may ask to see it, and the page says so."""

    __tablename__ = "application_notes"

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("applications.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    by_name: Mapped[str] = mapped_column(String(120))


class CandidateMessage(Base):
    """An answer to a candidate: written when a status changes, sent only when somebody releases it."""

    __tablename__ = "application_messages"
    __table_args__ = (Index("ix_application_messages_waiting", "state", "id"),)

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(default=1)
    application_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("applications.id", ondelete="CASCADE"), index=True
    )
    history_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("application_history.id", ondelete="CASCADE")
    )
    """The change that it tells of; undoing that drops it."""
    tells: Mapped[ApplicationStatus]
    """The status that the candidate knows from it."""
    news: Mapped[News | None]
    """What it says beyond the status."""
    interview_at: Mapped[datetime | None]
    """The interview that it is about; of one that is called off, as the candidate knows it."""
    state: Mapped[MessageState] = mapped_column(default=MessageState.DRAFT)
    subject: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text)
    """Exactly what will be sent, as edited."""
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    edited_by_name: Mapped[str | None] = mapped_column(String(120))
    held_reason: Mapped[str | None] = mapped_column(String(200))
    """Why it waits although it could be sent; None where nobody holds it."""
    held_at: Mapped[datetime | None]
    held_by_name: Mapped[str | None] = mapped_column(String(120))
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    mail_id: Mapped[int | None] = mapped_column(BigId)
    """Of an OutgoingMail, which may be deleted by now."""

    __mapper_args__ = {"version_id_col": version}


class EqualityAnswers(Base):
    """One person’s equality answers, joined to no person: no time, no order, no name, a random key.

    `stage_reached` is brought up to date by a job that knows an application only by its keyed hash.
    """

    __tablename__ = "equality_answers"
    __table_args__ = {"sqlite_with_rowid": False}
    """SQLite would number the rows in the order in which they came."""

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id"), index=True)
    lists_version: Mapped[str] = mapped_column(String(40))
    """Which lists of options were shown."""
    answers: Mapped[dict[str, Any]] = mapped_column(JsonData)
    stage_reached: Mapped[str] = mapped_column(String(40), default="applied")
