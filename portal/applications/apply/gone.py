"""Somebody saves a page after they have sent an application for this advert: what was typed can be copied."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.applications.apply.desk import current_desk
from portal.applications.apply.service import AlreadyApplied
from portal.journeys.typed import typed_rows


def already_applied_page(sent: AlreadyApplied) -> ResponseReturnValue:
    """What was sent and when, and what was typed on this page."""
    desk = current_desk()
    page = render_template(
        "applications/apply/already_applied.html",
        rows=typed_rows(desk.journey, "application", facts=desk.facts, given={}),
        vacancy=desk.vacancy,
        **sent.facts,
    )
    return page, 409
