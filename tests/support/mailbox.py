"""The mail that was queued, as a list that is always fresh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from sqlalchemy import select

from portal.core.database import Database
from portal.core.mail import OutgoingMail


class Mailbox(Sequence[OutgoingMail]):
    """Rows of OutgoingMail, oldest first; read anew whenever it is looked at."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def rows(self) -> list[OutgoingMail]:
        """Everything queued until now."""
        with self.db.reading() as session:
            return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))

    def to(self, address: str) -> list[OutgoingMail]:
        """What was queued for one address."""
        return [mail for mail in self.rows() if mail.to == address]

    @overload
    def __getitem__(self, index: int) -> OutgoingMail: ...
    @overload
    def __getitem__(self, index: slice) -> list[OutgoingMail]: ...
    def __getitem__(self, index: int | slice) -> OutgoingMail | list[OutgoingMail]:
        return self.rows()[index]

    def __len__(self) -> int:
        return len(self.rows())

    def __iter__(self) -> Iterator[OutgoingMail]:
        return iter(self.rows())
