"""The staff pages of adverts, and where each action is done."""

from __future__ import annotations

from flask import Blueprint, url_for

from portal.vacancies.life.transitions import Action
from portal.vacancies.models import Vacancy

blueprint = Blueprint("staff_vacancies", __name__, url_prefix="/staff/vacancies")

PAGES = {
    Action.APPROVE: ".approve",
    Action.SEND_BACK: ".send_back",
    Action.EXTEND: ".extend",
    Action.CLOSE_EARLY: ".close",
    Action.CANCEL: ".cancel",
    Action.RECORD_OUTCOME: ".outcome",
    Action.ARCHIVE: ".archive",
}


def address_of(action: Action, vacancy: Vacancy) -> str:
    """Where the action is done; empty for sending, which is the last page of writing."""
    reference = vacancy.reference
    if action in PAGES:
        return url_for(f"staff_vacancies{PAGES[action]}", reference=reference)
    if action is Action.CHANGE:
        return url_for("vacancy_starting.change", reference=reference)
    if action in (Action.COPY, Action.RELIST):
        return url_for("vacancy_starting.new") + f"?{action.value}={reference}"
    return ""
