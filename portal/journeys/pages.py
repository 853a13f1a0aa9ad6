"""What the views of a journey share: its frame, and the answers to a page that came too late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.core.database import read
from portal.core.forms import PortalForm
from portal.journeys import service
from portal.journeys.engine import AnyStep
from portal.journeys.meanwhile import Difference, Overtaken, differences, mark_seen
from portal.journeys.snapshot import rows_of
from portal.journeys.summary import SummaryRow, in_lines
from portal.journeys.visit import Hooks, Visit


class JourneyPages:
    """The base of a journey’s views."""

    def __init__(self, hooks: Hooks) -> None:
        self.hooks = hooks

    def page(self, visit: Visit, template: str, status: int = 200, **context: Any) -> ResponseReturnValue:
        """A page of the journey with what all of them know."""
        common = {
            "layout": self.hooks.templates.layout,
            "journey": visit.journey,
            "url": visit.url,
            "away": visit.away,
            "facts": visit.facts,
        }
        common["idle_minutes"] = visit.place.lifetime // timedelta(minutes=1)
        delete_url = visit.url("delete") if visit.draft is not None else None
        common |= {"delete_url": delete_url, "delete_link": self.hooks.templates.delete_link}
        return render_template(template, **common, **context), status

    def overtaken(self, visit: Visit, step: AnyStep, form: PortalForm, other: Overtaken) -> list[Difference]:
        """What stands between this page and a save, now that both versions are going to be shown."""
        now = other.facts["now"]
        visit.saved(service.find_draft(read(), visit.place, visit.at))
        mark_seen(form, now)
        return differences(visit.progress.item_form(step, now), form)

    def too_late(self, visit: Visit, form: PortalForm) -> ResponseReturnValue:
        """A page that came after all was sent: never swallowed, and never added."""
        visit.saved(service.find_draft(read(), visit.place, visit.at))
        if visit.draft is None or visit.draft.reference is None:
            return visit.go_to_missing(away="sent")  # the marker ran out, or was cleared, this very moment
        said = {"reference": visit.draft.reference, "sent_at": visit.draft.updated_at}
        return self.page(visit, self.hooks.templates.already_sent, 409, rows=typed_rows(form), **said)


def typed_rows(form: PortalForm) -> list[SummaryRow]:
    """What was typed on a page, for the person who typed it."""
    return [(row["question"], in_lines(row["text"]), None) for row in rows_of(form) if row["text"]]


def comes_back_later(visit: Visit) -> bool:
    """Whether half a page is to be kept: asked for by a button, or by “No, I’ll come back to it later”."""
    asked = request.form.get("later") == "1" or request.form.get("section_completed") == "no"
    return visit.journey.is_task_list and asked
