"""Vacancies: the advert with its criteria, its panel and what was decided about it.

One row is the whole record of domain recruitment §8, with numbers as numbers. Whether an advert is open
follows from its dates and decisions; no job flips a flag. `is_open` and `open_at` are the same rule, once
for a row in hand and once for the database.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    String,
    Text,
    and_,
    false,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.database import Base, BigId, Id, JsonData
from portal.vacancies.code_list import CodeList
from portal.vacancies.options import (
    AnswerStyle,
    AssessedBy,
    CarUser,
    ContractReason,
    ContractType,
    DbsLevel,
    DecisionKind,
    DocumentType,
    Flexibility,
    HcpcDomain,
    Importance,
    InterviewScheme,
    JobFamily,
    Offer,
    Outcome,
    PayScale,
    Registration,
    RegistrationBy,
    RoleLevel,
    Status,
    WorkingPattern,
)

EXEMPT_LEVELS = frozenset(DbsLevel) - {DbsLevel.NONE, DbsLevel.BASIC}
"""Checks that only posts exempt from the Rehabilitation of Offenders Act 1974 are eligible for."""

LIVE = text("approved_at IS NOT NULL AND cancelled_at IS NULL AND closed_early_at IS NULL")
"""Adverts that only their dates can close; the indices of the public list hold no others."""

WAITING = text("approved_at IS NULL AND archived_at IS NULL AND cancelled_at IS NULL AND outcome IS NULL")
RUNNING = text("approved_at IS NOT NULL AND archived_at IS NULL AND cancelled_at IS NULL AND outcome IS NULL")
FINISHED = text("archived_at IS NULL AND (outcome IS NOT NULL OR cancelled_at IS NOT NULL)")
PUT_AWAY = text("archived_at IS NOT NULL")
"""The lists that HR works with; few adverts are in any but the last, however many there are."""

COMPLETE_WHEN_APPROVED = (
    "approved_at IS NULL OR (publish_at IS NOT NULL AND closes_at IS NOT NULL AND contact_name IS NOT NULL "
    "AND contact_email IS NOT NULL AND dbs_level IS NOT NULL AND registration IS NOT NULL)"
)


LARGEST_DOCUMENT = 5 * 1024 * 1024
"""Bytes of a file; its content is read only where a query says so."""


class ServiceTeam(Base):
    """A team that has posts. Councils rename teams, so names are data and addresses use the slug."""

    __tablename__ = "service_teams"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)
    retired_on: Mapped[date | None]
    """From this day no new advert may name the team; old ones keep it."""


class Vacancy(Base):
    """One advert, from the first draft to the archive."""

    __tablename__ = "vacancies"

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    """`SCC-CS-YYYY-NNNN`; never changes."""
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every save; an edit page showing an older one is stale."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    copied_from_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("vacancies.id"))
    relisted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it advertises the copied post again, after nobody or not enough people were found."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    writers: Mapped[str] = mapped_column(Text, default=" ", server_default=" ")
    """Ids (" 3 17 ") of everybody who wrote it since it was last approved: none of them may approve it."""

    # The role
    title: Mapped[str] = mapped_column(String(100))
    family: Mapped[JobFamily]
    role_level: Mapped[RoleLevel]
    team_id: Mapped[int] = mapped_column(BigId, ForeignKey("service_teams.id"), index=True)
    number_of_posts: Mapped[int] = mapped_column(default=1)
    hr_post_number: Mapped[str | None] = mapped_column(String(20))
    covered_by_agency: Mapped[bool] = mapped_column(default=False)
    """For the workforce census; not shown to candidates."""

    # Contract and hours
    contract_type: Mapped[ContractType]
    contract_ends_on: Mapped[date | None]
    contract_reason: Mapped[ContractReason | None]
    starts_on: Mapped[date | None]
    working_patterns: Mapped[list[str]] = mapped_column(CodeList(WorkingPattern))
    flexible: Mapped[list[str]] = mapped_column(CodeList(Flexibility), default=list)
    hours_per_week: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    full_time_hours: Mapped[Decimal] = mapped_column(Numeric(4, 2), default=Decimal(37))
    """The council's full-time week when the advert was written; pro rata pay is worked out from it."""
    paid_weeks: Mapped[Decimal | None] = mapped_column(Numeric(4, 2))
    """Paid weeks a year where only term time is worked; None means all year."""

    # Pay, in whole pounds a year, full time
    pay_scale: Mapped[PayScale]
    grade: Mapped[str | None] = mapped_column(String(20))
    scp_min: Mapped[int | None]
    scp_max: Mapped[int | None]
    salary_min: Mapped[int]
    salary_max: Mapped[int]
    salary_note: Mapped[str | None] = mapped_column(String(200))
    market_supplement: Mapped[int | None]
    market_supplement_terms: Mapped[str | None] = mapped_column(String(500))
    welcome_payment: Mapped[int | None]
    welcome_payment_terms: Mapped[str | None] = mapped_column(String(500))
    retention_payment: Mapped[int | None]
    retention_payment_terms: Mapped[str | None] = mapped_column(String(500))
    relocation: Mapped[Offer] = mapped_column(default=Offer.NO)
    visa_sponsorship: Mapped[Offer] = mapped_column(default=Offer.NO)

    # Place
    location_base: Mapped[str] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(300))
    postcode: Mapped[str | None] = mapped_column(String(8))
    car_user: Mapped[CarUser] = mapped_column(default=CarUser.NOT_NEEDED)

    # Checks, registration and duties
    dbs_level: Mapped[DbsLevel | None]
    regulated_activity: Mapped[bool] = mapped_column(default=False)
    politically_restricted: Mapped[bool] = mapped_column(default=False)
    fluency_duty: Mapped[bool] = mapped_column(default=True)
    registration: Mapped[Registration | None]
    registration_by: Mapped[RegistrationBy | None]
    hcpc_domain: Mapped[HcpcDomain | None]
    asye_suitable: Mapped[bool] = mapped_column(default=False)
    minimum_pqe_years: Mapped[int | None]
    disability_confident: Mapped[bool] = mapped_column(default=True)
    other_schemes: Mapped[list[str]] = mapped_column(CodeList(InterviewScheme), default=list)
    anonymise_shortlisting: Mapped[bool] = mapped_column(default=True)
    answer_style: Mapped[AnswerStyle] = mapped_column(
        default=AnswerStyle.CRITERIA, server_default=AnswerStyle.CRITERIA.value
    )
    """What applicants write: an answer to each criterion, or one statement."""

    # What the work is, in Markdown; the summary is plain text
    summary: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text)
    about_team: Mapped[str | None] = mapped_column(Text)
    benefits: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[list[int]] = mapped_column(JsonData, default=list, server_default="[]")
    """Ids of quotations shown beside the text; only those of the newest inspection are shown."""

    # Workload promises, as data
    caseload_cap: Mapped[int | None]
    """Children, at most, for one full-time worker."""
    caseload_average: Mapped[int | None]
    supervision_weeks: Mapped[int | None]
    """Reflective supervision at least once in so many weeks."""
    asye_support: Mapped[str | None] = mapped_column(String(500))
    hybrid_days: Mapped[int | None]
    """Days a week that may be worked from home."""
    team_size: Mapped[int | None]
    duty_rota: Mapped[str | None] = mapped_column(String(200))

    # People
    contact_name: Mapped[str | None] = mapped_column(String(100))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_phone: Mapped[str | None] = mapped_column(String(30))
    hiring_manager_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"), index=True)
    hiring_manager_name: Mapped[str | None] = mapped_column(String(100))
    hr_owner_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))

    # Dates
    publish_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    """The first instant at which it is too late: “11:59pm” closes at 23:59:00."""
    may_close_early: Mapped[bool] = mapped_column(default=False)
    interview_dates: Mapped[list[str]] = mapped_column(JsonData, default=list)
    """ISO dates, in order."""
    decision_promised_on: Mapped[date | None]
    advertising_channels: Mapped[list[str]] = mapped_column(JsonData, default=list)

    # What was decided; who and why is in `decisions`
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    closed_early_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    outcome_at: Mapped[datetime | None]
    posts_filled: Mapped[int | None]
    archived_at: Mapped[datetime | None]

    # Loaded only where a query says so: a page that forgets would otherwise ask the database row by row.
    team: Mapped[ServiceTeam] = relationship(lazy="raise")
    criteria: Mapped[list[Criterion]] = relationship(
        lazy="raise", order_by="Criterion.position", cascade="all, delete-orphan", passive_deletes=True
    )
    panel: Mapped[list[PanelMember]] = relationship(
        lazy="raise", order_by="PanelMember.position", cascade="all, delete-orphan", passive_deletes=True
    )
    documents: Mapped[list[Document]] = relationship(
        lazy="raise", order_by="Document.position", cascade="all, delete-orphan", passive_deletes=True
    )
    decisions: Mapped[list[Decision]] = relationship(
        lazy="raise", order_by="Decision.id", cascade="all, delete-orphan", passive_deletes=True
    )

    # A save of a row that somebody else saved meanwhile raises StaleEdit, on both databases.
    __mapper_args__ = {"version_id_col": version}

    __table_args__ = (
        CheckConstraint("salary_min <= salary_max", name="salary_range"),
        CheckConstraint("scp_min <= scp_max", name="scp_range"),
        CheckConstraint("publish_at < closes_at", name="dates_in_order"),
        CheckConstraint("hours_per_week > 0 AND full_time_hours > 0", name="hours_positive"),
        CheckConstraint("number_of_posts BETWEEN 1 AND 50", name="number_of_posts"),
        CheckConstraint(COMPLETE_WHEN_APPROVED, name="complete_when_approved"),
        # The three orders of the public list.
        Index("ix_vacancies_live_closes", "closes_at", "id", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_vacancies_live_publish", "publish_at", "id", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_vacancies_live_salary", "salary_max", "id", sqlite_where=LIVE, postgresql_where=LIVE),
        # The orders of HR's lists.
        Index("ix_vacancies_waiting", "submitted_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_vacancies_running", "closes_at", "id", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_vacancies_finished", "updated_at", "id", sqlite_where=FINISHED, postgresql_where=FINISHED),
        Index("ix_vacancies_put_away", "archived_at", "id", sqlite_where=PUT_AWAY, postgresql_where=PUT_AWAY),
    )

    def is_open(self, at: datetime) -> bool:
        """Whether people can apply at this instant: approved, published, not ended in any way."""
        if self.publish_at is None or self.closes_at is None or not self.is_live:
            return False
        return self.publish_at <= at < self.closes_at

    @staticmethod
    def open_at(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
        """`is_open`, said to the database.

        What closes later is a small part of all adverts, what was published before is nearly all: the
        second is written so that no database looks it up in an index.
        """
        columns = Vacancy.__table__.c
        published_at = func.coalesce(columns.publish_at, columns.closes_at)
        return and_(live(), columns.closes_at > at, published_at <= at)

    @property
    def is_live(self) -> bool:
        """Whether only the dates decide."""
        return self.approved_at is not None and self.cancelled_at is None and self.closed_early_at is None

    @property
    def visible_from(self) -> datetime | None:
        """When the public could first read it; None for what nobody approved."""
        if self.approved_at is None or self.publish_at is None:
            return None
        return max(self.approved_at, self.publish_at)

    def is_readable(self, at: datetime) -> bool:
        """Whether the public may read it, open or not: it was published, and not cancelled before that."""
        if self.visible_from is None or at < self.visible_from:
            return False
        return self.cancelled_at is None or self.visible_from < self.cancelled_at

    @property
    def ended_at(self) -> datetime | None:
        """When applying ends or ended: the closing time, or an earlier decision."""
        ends = (self.closes_at, self.closed_early_at, self.cancelled_at)
        return min((end for end in ends if end is not None), default=None)

    def status(self, at: datetime) -> Status:
        """Where the advert stands at this instant."""
        if self.archived_at is not None:
            return Status.ARCHIVED
        if self.cancelled_at is not None:
            return Status.CANCELLED
        if self.outcome is not None:
            return Status[self.outcome.name]
        if self.approved_at is None:
            return Status.DRAFT if self.submitted_at is None else Status.PENDING_APPROVAL
        if self.ended_at is not None and self.ended_at <= at:
            return Status.CLOSED
        return Status.OPEN if self.is_open(at) else Status.SCHEDULED

    @property
    def fte(self) -> Decimal:
        """Full-time equivalent of one post, to two places."""
        return (self.hours_per_week / self.full_time_hours).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def roa_exempt(self) -> bool:
        """Whether the Rehabilitation of Offenders Act 1974 is set aside: it follows from the check."""
        return self.dbs_level in EXEMPT_LEVELS


def live() -> ColumnElement[bool]:
    """`Vacancy.is_live`, said to the database in the words of the partial indices."""
    columns = Vacancy.__table__.c
    return and_(
        columns.approved_at.is_not(None), columns.cancelled_at.is_(None), columns.closed_early_at.is_(None)
    )


class Criterion(Base):
    """One line of the person specification; applicants answer it and the panel scores it."""

    __tablename__ = "vacancy_criteria"

    id: Mapped[Id]
    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    wording: Mapped[str] = mapped_column(String(500))
    importance: Mapped[Importance]
    assessed_by: Mapped[list[str]] = mapped_column(CodeList(AssessedBy))


class Document(Base):
    """A file that candidates may read beside the advert; kept here so that one backup has everything."""

    __tablename__ = "vacancy_documents"

    id: Mapped[Id]
    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(100))
    file_type: Mapped[DocumentType]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)

    __table_args__ = (
        CheckConstraint(f"length(content) BETWEEN 1 AND {LARGEST_DOCUMENT}", name="content_size"),
    )


class PanelMember(Base):
    """Somebody who shortlists and interviews; may come from outside and have no account."""

    __tablename__ = "vacancy_panel_members"

    id: Mapped[Id]
    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    safer_recruitment_trained_on: Mapped[date | None]


class Decision(Base):
    """What somebody decided about an advert, with the reason they gave; only ever added to."""

    __tablename__ = "vacancy_decisions"

    id: Mapped[Id]
    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DecisionKind]
    decided_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(String(40))
    """A code, such as one of `ExtensionReason`."""
    comment: Mapped[str | None] = mapped_column(String(1000))
    closes_before: Mapped[datetime | None]
    closes_after: Mapped[datetime | None]
