"""Every step of every journey there is: draws, bears junk, and comes back from storage as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal import create_app
from portal.core.forms import PortalForm
from portal.fostering.enquire.journey import ENQUIRY
from portal.fostering.enquire.public import enquiry_facts
from portal.journeys.engine import Journey
from tests.applications.history.example import TOLD
from tests.journeys.example import LINEAR, TASKS
from tests.support.markup import Document
from tests.support.settings import settings_for

PAGE = """{% from "components/forms.html" import fields, form_close, form_open %}
<!DOCTYPE html><html lang="en">
<body>{{ form_open(form) }}{{ fields(form) }}{{ form_close(form) }}</body></html>"""

JOURNEYS = (ENQUIRY, LINEAR, TASKS, TOLD)
FORMS = [
    pytest.param(form, id=f"{journey.name}-{name}")
    for journey in JOURNEYS
    for name, form in [*((step.slug, step.form) for step in journey.steps), ("final", journey.final_form)]
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("steps")
    return create_app(settings_for(folder, f"sqlite:///{folder}/never-opened.sqlite3"))


@pytest.fixture(scope="module")
def facts(app: Flask) -> dict[str, Any]:
    with app.test_request_context("/"):
        return {**enquiry_facts(), "care": ["SHORT", "LONG"]}


def controls(app: Flask, form: PortalForm) -> list[tuple[str, str]]:
    """Name and value of every input that a form draws."""
    with app.test_request_context("/"):
        page = Document(render_template_string(PAGE, form=form))
    assert not page.faults
    found = [(control["name"], control.get("value")) for control in page.all("input", "textarea")]
    return found + [
        (select["name"], option.get("value"))
        for select in page.all("select")
        for option in select.all("option")
    ]


@pytest.mark.parametrize("form", FORMS)
def test_junk_never_raises_and_answers_come_back(
    app: Flask, facts: dict[str, Any], form: type[PortalForm]
) -> None:
    drawn = controls(app, form.from_answers({}, facts=facts))
    junk = st.text(alphabet=st.characters(codec=None), max_size=30)
    filled = st.lists(
        st.one_of(st.sampled_from(drawn), st.tuples(st.sampled_from([name for name, _ in drawn]), junk))
    )

    @given(filled)
    def check(sent: list[tuple[str, str]]) -> None:
        made = form(MultiDict(sent), facts=facts, meta={"csrf": False})
        valid = made.validate()
        answers = json.loads(json.dumps(made.answers()))
        again = form.from_answers(answers, facts=facts)
        assert again.validate() == valid
        assert again.answers() == answers
        assert all(isinstance(field.display(field.answer), str) for field in made.portal_fields)

    check()
    controls(app, form.from_answers(dict.fromkeys([name for name, _ in drawn], "x" * 50), facts=facts))


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
def test_every_question_says_what_to_do_when_it_is_left_out(journey: Journey, facts: dict[str, Any]) -> None:
    for step in journey.steps:
        form = step.form.from_answers({}, facts=facts)
        form.validate()
        for problem in form.problems():
            assert problem.text.split()[0] in ("Enter", "Select", "Confirm", "Add"), problem.text
            assert not problem.text.endswith(".")
