"""Who looks after whose households while somebody is away."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import StaffUser
from portal.core.database import Base, Id


class Cover(Base):
    """While one is away, another looks after their households; both days are included."""

    __tablename__ = "fostering_covers"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id"))
    cover_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    arranged_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    arranged_at: Mapped[datetime]

    person: Mapped[StaffUser] = relationship(foreign_keys=person_id)
    cover: Mapped[StaffUser] = relationship(foreign_keys=cover_id)

    __table_args__ = (
        CheckConstraint("person_id <> cover_id", name="two_people"),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        Index("ix_fostering_covers_cover", "cover_id", "last_day"),
        Index("ix_fostering_covers_person", "person_id", "last_day"),
    )
