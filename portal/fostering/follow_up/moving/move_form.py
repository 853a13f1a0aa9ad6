"""What every small page has on which staff move a household."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from portal.core.clock import london, london_instant
from portal.core.field_base import PortalField
from portal.core.forms import FieldGroup
from portal.core.options import Option
from portal.fostering.follow_up.forms import EnquiryForm
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage


class MoveForm(EnquiryForm):
    """What every step has: the version that was read, and facts by the names of the enquiry's columns."""

    title = ""
    button = ""

    again: Stage | None = None
    """The stage in which the form records what it recorded before, and so begins with what is there."""

    shows: Mapping[str, str] = {}
    """Fields and the columns that they record."""

    confirmations: tuple[str, ...] = ()
    """Boxes that are drawn only where there is something to confirm."""

    def layout(self) -> list[tuple[FieldGroup | None, list[PortalField]]]:
        """See PortalForm."""
        rows = super().layout()
        return [row for row in rows if row[1][0].short_name not in self.confirmations or row[1][0].asked]

    @classmethod
    def known(cls, enquiry: Enquiry) -> dict[str, Any]:
        """What the form can be filled with beforehand."""
        if enquiry.stage is not cls.again:
            return {}
        return {name: as_typed(getattr(enquiry, column)) for name, column in cls.shows.items()}

    @classmethod
    def heading(cls, _enquiry: Enquiry) -> str:
        """The page’s heading, and the words of the link that leads to it."""
        return cls.title

    def recorded(self, _at: datetime) -> dict[str, Any]:
        """What was entered; only after the form was found in order."""
        return {}

    def move(self, to: Stage, at: datetime) -> Move:
        """The step as the service takes it."""
        return Move(to=to, facts=self.recorded(at), note=self["note"].data or "")


def as_typed(value: Any) -> Any:
    """What is stored as its field takes it: an instant as its London day, a code as its text."""
    if isinstance(value, datetime):
        return london(value).date()
    return value.value if isinstance(value, Option) else value


def on_the_day(day: date, at: datetime) -> datetime:
    """An instant of a day that was given without a time: its midday, or now if that is still to come."""
    midday = london_instant(day, time(12))
    return min(midday, at) if day == london(at).date() else midday
