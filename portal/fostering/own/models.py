"""Links that were sent to a household’s own mailbox. Only a hash is kept: nobody here can open one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Id


class OwnLink(Base):
    """What opens the few pages with which a household changes its enquiry, until it runs out."""

    __tablename__ = "fostering_own_links"
    __table_args__ = (
        Index("ix_fostering_own_links_enquiry", "enquiry_id"),
        Index("ix_fostering_own_links_expires", "expires_at"),
    )

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("fostering_enquiries.id", ondelete="CASCADE"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
