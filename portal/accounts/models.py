"""Staff: who may sign in, with which roles, and the single permissions given to one person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.access import ROLE_PERMISSIONS
from portal.core.database import Base, BigId, Id, JsonData

PASSWORD_LINK_LIFE = timedelta(hours=24)


def permissions_of(roles: Iterable[str], granted: Iterable[str]) -> frozenset[str]:
    """What roles and personal grants allow together; a role that is no more allows nothing."""
    from_roles = (ROLE_PERMISSIONS.get(role, frozenset()) for role in roles)
    return frozenset().union(*from_roles, granted)


class StaffUser(Base):
    """A member of staff. Nobody is ever deleted: the audit speaks of them by number."""

    __tablename__ = "staff_users"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """As `queries.account_name` folds it."""
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    roles: Mapped[list[str]] = mapped_column(JsonData)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change made on the person's page; a page showing an older one is stale."""
    session_epoch: Mapped[int] = mapped_column(default=1)
    """Grows when every session of this person must end; a session carries the one it began with."""
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """SHA-256 of the one-time set-password token; the token itself is kept nowhere."""
    link_expires_at: Mapped[datetime | None]

    grants: Mapped[list[StaffGrant]] = relationship(
        primaryjoin="and_(StaffUser.id == StaffGrant.person_id, StaffGrant.removed_at.is_(None))",
        order_by="StaffGrant.permission",
        viewonly=True,
    )
    """Only those in force; `queries.grants_of` also has the ones taken back."""

    @property
    def reference(self) -> str:
        """How the audit names this person."""
        return f"STAFF-{self.id}"

    @property
    def permissions(self) -> frozenset[str]:
        """What the roles and the personal grants allow; a disabled person may do nothing."""
        if not self.active:
            return frozenset()
        return permissions_of(self.roles, (grant.permission for grant in self.grants))

    def link_is_live(self, at: datetime) -> bool:
        """Whether a set-password link is out that still works."""
        return self.active and self.link_expires_at is not None and at < self.link_expires_at


class StaffGrant(Base):
    """One permission beside the roles: to whom, by whom, when and why. Taken back, the row stays."""

    __tablename__ = "staff_grants"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff_users.id"), index=True)
    permission: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(500))
    granted_by: Mapped[str] = mapped_column(String(120))
    """The name as it was then; the audit has the number."""
    granted_at: Mapped[datetime]
    removed_by: Mapped[str | None] = mapped_column(String(120))
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_staff_grants_in_force",
            "person_id",
            "permission",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )
