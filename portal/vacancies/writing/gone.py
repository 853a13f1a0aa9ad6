"""Somebody saves a page of writing that a colleague has ended meanwhile: what was typed can be copied.

The blueprint answers WritingGone with this page, from wherever in the journey it is raised.
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.database import database
from portal.core.forms import PortalForm
from portal.journeys.engine import RepeatingStep
from portal.journeys.summary import SummaryRow, in_lines
from portal.vacancies.writing import queries
from portal.vacancies.writing.desk import Desk, WritingGone

ENTRY_PAGES = ("vacancy_writing.add_item", "vacancy_writing.item")


def gone_page(_gone: WritingGone) -> ResponseReturnValue:
    """How the writing ended, and what was typed on the page."""
    reference = str((request.view_args or {}).get("reference", ""))
    desk = Desk(reference, clock.now(), None)
    with database().reading() as session:
        ending = queries.ending_of(session, reference, desk.at)
    rows = typed_rows(desk)
    page = render_template(
        "vacancies/writing/gone.html", rows=rows, ending=ending, vacancy=desk.vacancy, reference=reference
    )
    return page, 409


def typed_rows(desk: Desk) -> list[SummaryRow]:
    """Every question of the page that was filled in.

    Whether a question was put hangs on answers that are gone too, so that is not asked here.
    """
    form = sent_form(desk)
    if form is None:
        return []
    typed = [(field.question, field.display(field.answer)) for field in form.questions]
    return [(question, in_lines(text), None) for question, text in typed if text]


def sent_form(desk: Desk) -> PortalForm | None:
    """The page's form with what was sent; None for pages on which nothing is typed."""
    step = desk.journey.step(str((request.view_args or {}).get("step", "")))
    on_entry = request.endpoint in ENTRY_PAGES
    if step is None or isinstance(step, RepeatingStep) is not on_entry:
        return None
    if not on_entry and request.endpoint != "vacancy_writing.step":
        return None
    return step.form(facts=desk.facts, given=desk.progress().given)
