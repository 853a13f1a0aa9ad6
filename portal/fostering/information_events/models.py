"""Information events about fostering, and the places that people have booked.

A booking is of people: a couple takes two places. How many are taken is added up from the bookings, with the
event's row locked, whenever somebody books: there is no counter that could come to differ from them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.database import Base, BigId, Id
from portal.fostering.information_events.options import Attendance, EventMode, GivenUpBy
from portal.fostering.models import Enquiry

MOST_PEOPLE = 4
"""In one booking: a couple, and whoever supports them."""

LIVE = "cancelled_at IS NULL"


class InformationEvent(Base):
    """One meeting at one time; public from when it is saved."""

    __tablename__ = "fostering_events"

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1)
    """Grows with what staff change, and not with bookings: it is the sequence of its calendar entries too."""
    title: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    mode: Mapped[EventMode]
    place: Mapped[str | None] = mapped_column(String(200))
    join_link: Mapped[str | None] = mapped_column(String(300))
    """Of a meeting online; shown to who has booked, and to nobody else."""
    about: Mapped[str | None] = mapped_column(Text)
    """What the public page says of it."""
    capacity: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_note: Mapped[str | None] = mapped_column(String(300))
    """What those who had booked are told."""
    attendance_at: Mapped[datetime | None]
    came: Mapped[int | None] = mapped_column(SmallInteger)
    """How many people were there; stays when the bookings are deleted."""
    demonstration: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint("capacity >= 1", name="somebody_fits"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("place IS NOT NULL OR join_link IS NOT NULL", name="is_somewhere"),
        Index("ix_fostering_events_starts", "starts_at"),
    )

    def is_open(self, at: datetime) -> bool:
        """Whether places can be booked."""
        return self.cancelled_at is None and at < self.starts_at

    def is_over(self, at: datetime) -> bool:
        """Whether it took place, or is about to: attendance can be recorded once it has begun."""
        return self.cancelled_at is None and at >= self.starts_at


class EventBooking(Base):
    """Places of one household or visitor at one event."""

    __tablename__ = "fostering_event_bookings"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("fostering_events.id", ondelete="CASCADE"))
    enquiry_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("fostering_enquiries.id", ondelete="CASCADE")
    )
    """Whose household it is, once staff have said so; the booking goes when the enquiry goes."""
    submission_key: Mapped[str] = mapped_column(String(64))
    """One form sent twice is one booking."""
    token: Mapped[str] = mapped_column(String(64))
    """In the links of its mails: shows the event, gives the places back. It stays, so that old mails work,
    until the household has another address."""
    booked_at: Mapped[datetime]
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    """Who booked it for the household; empty where they did it themselves."""
    first_name: Mapped[str] = mapped_column(String(60))
    last_name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254))
    """The address in lower case: one mailbox books an event once."""
    phone: Mapped[str | None] = mapped_column(String(20))
    people: Mapped[int] = mapped_column(SmallInteger)
    access_needs: Mapped[str | None] = mapped_column(String(200))
    writes: Mapped[bool] = mapped_column(default=True)
    """Whether the portal may write to the address: staff can book without a mail being sent."""
    quarantined: Mapped[bool] = mapped_column(default=False)
    """May be a machine’s work, for staff to look at. Never refused."""
    reminded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    given_up_by: Mapped[GivenUpBy | None]
    attendance: Mapped[Attendance | None]

    event: Mapped[InformationEvent] = relationship()
    enquiry: Mapped[Enquiry | None] = relationship()

    __table_args__ = (
        UniqueConstraint("submission_key"),
        UniqueConstraint("token"),
        CheckConstraint(f"people BETWEEN 1 AND {MOST_PEOPLE}", name="people"),
        Index("ix_fostering_event_bookings_event", "event_id", "id"),
        *(
            Index(
                f"uq_fostering_event_bookings_{name}",
                "event_id",
                column,
                unique=True,
                postgresql_where=text(f"{LIVE} AND {column} IS NOT NULL"),
                sqlite_where=text(f"{LIVE} AND {column} IS NOT NULL"),
            )
            for name, column in {"mailbox": "email_key", "household": "enquiry_id"}.items()
        ),
        Index(
            "ix_fostering_event_bookings_enquiry",
            "enquiry_id",
            postgresql_where=text("enquiry_id IS NOT NULL"),
            sqlite_where=text("enquiry_id IS NOT NULL"),
        ),
    )

    @property
    def full_name(self) -> str:
        """Whose places they are."""
        return f"{self.first_name} {self.last_name}"

    @property
    def is_live(self) -> bool:
        """Whether the places are still theirs."""
        return self.cancelled_at is None

    @property
    def reference(self) -> str:
        """How the audit names it."""
        return f"BOOKING-{self.id}"
