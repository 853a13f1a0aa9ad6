"""Somebody saves a page of writing that a colleague has ended meanwhile: what was typed can be copied.

The blueprint answers WritingGone with this page, from wherever in the journey it is raised.
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.database import database
from portal.journeys.typed import typed_rows
from portal.vacancies.writing import queries
from portal.vacancies.writing.desk import Desk, WritingGone


def gone_page(_gone: WritingGone) -> ResponseReturnValue:
    """How the writing ended, and what was typed on the page."""
    reference = str((request.view_args or {}).get("reference", ""))
    desk = Desk(reference, clock.now(), None)
    with database().reading() as session:
        ending = queries.ending_of(session, reference, desk.at)
    rows = typed_rows(desk.journey, "vacancy_writing", facts=desk.facts, given=desk.progress().given)
    page = render_template(
        "vacancies/writing/gone.html", rows=rows, ending=ending, vacancy=desk.vacancy, reference=reference
    )
    return page, 409
