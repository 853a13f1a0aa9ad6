"""Somebody saves a page after they have sent an application for this advert: what was typed can be copied."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.applications.apply.desk import Desk, current_desk
from portal.applications.apply.service import AlreadyApplied
from portal.core.forms import PortalForm
from portal.journeys.engine import RepeatingStep
from portal.journeys.summary import SummaryRow, in_lines

ENTRY_PAGES = ("application.add_item", "application.item")


def already_applied_page(sent: AlreadyApplied) -> ResponseReturnValue:
    """What was sent and when, and what was typed on this page."""
    desk = current_desk()
    page = render_template(
        "applications/apply/already_applied.html", rows=typed_rows(desk), vacancy=desk.vacancy, **sent.facts
    )
    return page, 409


def typed_rows(desk: Desk) -> list[SummaryRow]:
    """Every question of the page that was filled in.

    Whether a question was put hangs on answers that are gone, so that is not asked here.
    """
    form = sent_form(desk)
    if form is None:
        return []
    typed = [(field.question, field.display(field.answer)) for field in form.questions]
    return [(question, in_lines(text), None) for question, text in typed if text]


def sent_form(desk: Desk) -> PortalForm | None:
    """The page’s form with what was sent; None for pages on which nothing is typed."""
    step = desk.journey.step(str((request.view_args or {}).get("step", "")))
    on_entry = request.endpoint in ENTRY_PAGES
    if step is None or isinstance(step, RepeatingStep) is not on_entry:
        return None
    if not on_entry and request.endpoint != "application.step":
        return None
    return step.form(facts=desk.facts, given={})
