"""What the queue needs for the buttons in its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from portal.core.context import current_actor
from portal.core.database import read
from portal.core.forms import PortalForm
from portal.core.text import clean_line
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.calls.offers import offers_of
from portal.fostering.follow_up.calls.queries import after_call

LONGEST_REFERENCE = 40


class PressedForm(PortalForm):
    """One form around the list: what is pressed stands in its buttons."""


def call_facts(rows: Sequence[Any]) -> dict[str, object]:
    """The outcomes that each row offers to whoever works the queue; after one, what is due next."""
    actor, called = current_actor(), clean_line(request.args.get("called", "")[:LONGEST_REFERENCE])
    return {
        "call_form": PressedForm(),
        "call_action": addresses.of_call(),
        "offers": offers_of(rows) if actor.can("fostering.work") else {},
        "called": after_call(read(), called, by=actor) if called else None,
    }
