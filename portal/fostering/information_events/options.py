"""Codes of information events and of who books them."""

from __future__ import annotations

from portal.core.options import Option


class EventMode(Option):
    """Where people meet."""

    VENUE = "VENUE", "At a place"
    ONLINE = "ONLINE", "Online", "People who have booked get the link by email, and nobody else"


class Attendance(Option):
    """Whether who booked was there."""

    CAME = "CAME", "Came"
    DID_NOT_COME = "DID_NOT_COME", "Did not come"


class GivenUpBy(Option):
    """Who gave a booked place back."""

    GUEST = "GUEST", "cancelled by them"
    STAFF = "STAFF", "cancelled by the team"
    EVENT = "EVENT", "the event was cancelled"
    CLOSED = "CLOSED", "the enquiry was closed"


class Room(Option):
    """How much room is left, as the public reads it: exact numbers would change with every booking."""

    OPEN = "OPEN", "Places available"
    FEW = "FEW", "Few places left"
    FULL = "FULL", "Full"
