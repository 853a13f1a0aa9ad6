"""The equality questions as a form, made from the lists that are asked on the day."""

from __future__ import annotations

from functools import cache
from typing import Any

from portal.applications.equality.lists import PREFER_NOT, PREFER_NOT_LABEL, Lists, Question
from portal.core.fields import Choice, RadioField, TextField
from portal.core.forms import PortalForm
from portal.core.validators import MaxLength

LONGEST_WORDS = 100


class EqualityForm(PortalForm):
    """Nothing is chosen beforehand, nothing has to be answered."""

    def given_answers(self) -> dict[str, str]:
        """What was answered; a question left blank is not in it."""
        return {name: value for name, value in self.answers().items() if value}


@cache
def form_of(lists: Lists) -> type[EqualityForm]:
    """The form of one version of the lists."""
    fields: dict[str, Any] = {}
    for question in lists.questions:
        fields[question.name] = field_of(question, lists)
        if question.text:
            fields[question.text_name] = TextField(
                question.text[1],
                [MaxLength(LONGEST_WORDS, "Your words")],
                spellcheck=False,
                width="three-quarters",
            )
    return type("EqualityForm", (EqualityForm,), {"__doc__": EqualityForm.__doc__, **fields})


def field_of(question: Question, lists: Lists) -> RadioField:
    """Radios; an answer brings up the question or the box that belongs to it."""
    reveals = {
        other.shown_for[1]: other.name
        for other in lists.questions
        if other.shown_for is not None and other.shown_for[0] == question.name
    }
    if question.text:
        reveals[question.text[0]] = question.text_name
    options = [Choice(code, label) for code, label in question.options]
    return RadioField(
        question.wording,
        choices=[*options, Choice(PREFER_NOT, PREFER_NOT_LABEL, divider="or")],
        reveals=reveals,
        optional_wording=False,
        unknown="Select one of the answers, or leave the question blank",
    )
