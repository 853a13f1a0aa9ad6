"""A reason for refusing an advert, or for looking at it again, and the refusal that holds them all."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.errors import Conflict


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not, or what to think about; `field` is the column of the vacancy that it is about."""

    field: str
    text: str


class NotReady(Conflict):
    """Something is missing that an advert must have; facts hold the reference and every reason."""

    slug = "not_ready"
