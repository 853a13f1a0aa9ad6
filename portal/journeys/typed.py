"""What was typed on a page of a journey whose answers are gone: it can be read and copied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from portal.core.forms import PortalForm
from portal.journeys.engine import Journey, RepeatingStep
from portal.journeys.summary import SummaryRow, in_lines


def typed_rows(
    journey: Journey, name: str, *, facts: Mapping[str, Any], given: Mapping[str, Any]
) -> list[SummaryRow]:
    """Every question that was filled in on the page of the journey’s blueprint `name` that was sent.

    Whether a question was put hangs on answers that are gone too, so that is not asked here.
    """
    form = sent_form(journey, name, facts, given)
    if form is None:
        return []
    typed = [(field.question, field.display(field.answer)) for field in form.questions]
    return [(question, in_lines(text), None) for question, text in typed if text]


def sent_form(
    journey: Journey, name: str, facts: Mapping[str, Any], given: Mapping[str, Any]
) -> PortalForm | None:
    """The page’s form with what was sent; None for pages on which nothing is typed."""
    step = journey.step(str((request.view_args or {}).get("step", "")))
    on_entry = request.endpoint in (f"{name}.add_item", f"{name}.item")
    if step is None or isinstance(step, RepeatingStep) is not on_entry:
        return None
    if not on_entry and request.endpoint != f"{name}.step":
        return None
    return step.form(facts=facts, given=given)
