"""Messages to families: written from a template, edited and sent by a person, kept with the enquiry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.database import Base, BigId, Id
from portal.core.mail import LONGEST_SUBJECT
from portal.fostering.closures import Closure
from portal.fostering.messages.options import MessageKind, MessageState
from portal.fostering.models import Enquiry


class FamilyMessage(Base):
    """One message. Its words stay after the mail with them has left: colleagues must know what was said."""

    __tablename__ = "fostering_messages"
    __table_args__ = (
        Index("ix_fostering_messages_enquiry", "enquiry_id", "id"),
        Index("ix_fostering_messages_waiting", "state", "id"),
        Index("ix_fostering_messages_mail", "mail_id"),
    )

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(default=1)
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("fostering_enquiries.id", ondelete="CASCADE"))
    kind: Mapped[MessageKind]
    state: Mapped[MessageState] = mapped_column(default=MessageState.DRAFT)
    closure_code: Mapped[Closure | None]
    """The reason that a closing letter is about."""
    about_at: Mapped[datetime | None]
    """The visit, the review date or the closing that it tells of: it is not true of another one."""
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by_name: Mapped[str] = mapped_column(String(120))
    edited_at: Mapped[datetime | None]
    edited_by_name: Mapped[str | None] = mapped_column(String(120))
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    sent_by_name: Mapped[str | None] = mapped_column(String(120))
    owed_since: Mapped[datetime | None]
    """Since when they had waited for it as it left: if it comes back, they never stopped waiting."""
    mail_id: Mapped[int | None] = mapped_column(BigId)
    """Of an OutgoingMail, which may be deleted by now."""
    undelivered_at: Mapped[datetime | None]

    enquiry: Mapped[Enquiry] = relationship()

    __mapper_args__ = {"version_id_col": version}
