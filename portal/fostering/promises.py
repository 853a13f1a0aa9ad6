"""What is promised to whoever sent an enquiry: in full on the page that confirms it, by mail only the day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from portal.core.clock import london
from portal.fostering.models import Enquiry
from portal.fostering.options import ContactMethod, NextStep

ACKNOWLEDGEMENT = "fostering.acknowledgement"
"""Purpose of the mail that answers an enquiry; the pack goes with it where the council has one online."""


class Promise(StrEnum):
    """What the team does first; it says what was asked for, and no answer that was typed."""

    CALL = "call"
    AGREE_A_CALL = "agree_a_call"
    """They would like a call, and to be written to first."""
    EVENT = "event"
    PACK = "pack"


def promise_of(enquiry: Enquiry) -> Promise:
    """What this household asked for."""
    if enquiry.next_step is NextStep.INFO_PACK_ONLY:
        return Promise.PACK
    if enquiry.next_step is NextStep.EVENT:
        return Promise.EVENT
    by_phone = enquiry.contact_method is ContactMethod.PHONE
    return Promise.CALL if by_phone else Promise.AGREE_A_CALL


def promised_on(enquiry: Enquiry) -> date:
    """The day in London by which the team does it."""
    return london(enquiry.sla_due_at).date()


def promise_facts(enquiry: Enquiry) -> dict[str, Any]:
    """What is promised and by which day, for the page."""
    return {"promise": promise_of(enquiry).value, "promised_on": promised_on(enquiry)}
