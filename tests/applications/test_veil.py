"""What is hidden of an application on an anonymised advert until it is shortlisted, and from whom."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from portal.applications import veil
from portal.applications.apply.journey import journey_for
from portal.applications.apply.needs import Needs, Wanted
from portal.applications.apply.options import RegisterBody
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.core.database import Database
from portal.journeys.snapshot import sections_of
from portal.vacancies.options import InterviewScheme
from tests.support.applications import make_application
from tests.support.builders import AT

SECRET = "Olumide-Zephyr"


def row(name: str, text: str = SECRET) -> dict[str, Any]:
    return {"name": name, "question": f"Question {name}", "text": text, "answer": text}


def snapshot(section: str, *rows: dict[str, Any], heading: str = "") -> dict[str, Any]:
    group = {"step": section, "heading": heading, "item": None, "rows": list(rows)}
    part = {"slug": section, "title": section.title(), "groups": [group]}
    return {"journey": "application", "version": "1", "title": "Apply", "sections": [part]}


HIDES = [
    *(("details", name) for name in ("given_names", "family_name", "preferred_name", "previous_names")),
    *(("details", name) for name in ("previous_names_which", "email", "phone", "address1", "address2")),
    *(("details", name) for name in ("town", "county", "postcode", "country")),
    *(("referees", name) for name in ("name", "job_title", "organisation", "email", "relationship")),
    *(("declarations", name) for name in ("relationship", "relationship_details")),
    *(("support", name) for name in ("adjustments", "adjustments_details")),
    *(("eligibility", name) for name in ("employee_number",)),
    ("statement", "a_question_that_was_added_later"),
    ("a-section-that-was-added-later", "statement"),
]

SHOWS = [
    ("eligibility", "right_to_work"),
    ("registration", "reg_status"),
    ("education", "institution"),
    ("employment", "employer"),
    ("employment", "duties"),
    ("statement", "statement"),
    ("support", "dc_scheme"),
]


@pytest.mark.parametrize(("section", "name"), HIDES)
@pytest.mark.parametrize("hr", [True, False])
def test_the_veil_takes_an_answer_and_its_codes_out_and_keeps_the_shape(
    section: str, name: str, hr: bool
) -> None:
    before = snapshot(section, row(name))
    shown = veil.shown_snapshot(before, True, hr=hr)
    assert SECRET not in json.dumps(shown)
    assert [len(group.rows) for part in sections_of(shown) for group in part.groups] == [1]
    assert SECRET in json.dumps(before), "what is stored stays as it was"


@pytest.mark.parametrize(("section", "name"), SHOWS)
def test_what_the_panel_decides_by_is_shown_under_the_veil(section: str, name: str) -> None:
    assert veil.shown_snapshot(snapshot(section, row(name)), True) == snapshot(section, row(name))


@pytest.mark.parametrize("name", ["swe_number", "hcpc_number", "bps_membership"])
def test_of_a_registration_number_only_is_said_whether_there_is_one(name: str) -> None:
    given = veil.shown_snapshot(snapshot("registration", row(name)), True)
    missing = veil.shown_snapshot(snapshot("registration", row(name, "")), True)
    assert given["sections"][0]["groups"][0]["rows"][0]["text"] == "Provided"
    assert missing["sections"][0]["groups"][0]["rows"][0]["text"] == "Not provided"


def test_a_heading_made_of_a_hidden_answer_goes_with_it() -> None:
    hidden = veil.shown_snapshot(snapshot("referees", row("name"), heading=SECRET), True)
    assert hidden["sections"][0]["groups"][0]["heading"] == "Referees 1"
    job = snapshot("employment", row("employer"), row("duties"), heading="Social worker, Harbour Council")
    shown = veil.shown_snapshot(job, True)
    assert shown["sections"][0]["groups"][0]["heading"] == "Social worker, Harbour Council"


@pytest.mark.parametrize(
    ("section", "name"),
    [
        ("declarations", "relationship"),
        ("declarations", "relationship_details"),
        ("declarations", "councillor_12m"),
        ("registration", "fitness_to_practise"),
        ("eligibility", "employee_number"),
    ],
)
def test_only_hr_reads_relationships_and_open_proceedings_on_any_advert(section: str, name: str) -> None:
    asked = snapshot(section, row(name))
    assert SECRET not in json.dumps(veil.shown_snapshot(asked, False, hr=False, shortlisting=False))
    assert SECRET in json.dumps(veil.shown_snapshot(asked, False, hr=True, shortlisting=False))


def test_whom_a_referee_knows_the_candidate_as_is_no_secret_once_shortlisted() -> None:
    asked = snapshot("referees", row("name"), row("relationship"), heading="Ann Lee")
    assert veil.shown_snapshot(asked, False, hr=False, shortlisting=False) == asked
    assert SECRET not in json.dumps(veil.shown_snapshot(asked, True, hr=True))


def test_nobody_who_shortlists_reads_what_somebody_needs_for_an_interview() -> None:
    asked = snapshot("support", row("adjustments"))
    assert SECRET not in json.dumps(veil.shown_snapshot(asked, False, hr=False, shortlisting=True))
    assert SECRET in json.dumps(veil.shown_snapshot(asked, False, hr=False, shortlisting=False))
    assert SECRET in json.dumps(veil.shown_snapshot(asked, False, hr=True, shortlisting=True))


def test_whoever_forgets_to_say_who_reads_sees_less() -> None:
    for asked in (snapshot("support", row("adjustments")), snapshot("declarations", row("relationship"))):
        assert SECRET not in json.dumps(veil.shown_snapshot(asked, False))


def test_an_application_is_veiled_until_it_was_shortlisted_and_for_good_if_withdrawn_before(
    db: Database,
) -> None:
    with db.transaction() as session:
        new = make_application(session)
        withdrawn = make_application(
            session, status=Status.WITHDRAWN, withdrawn_at=AT, withdrawn_from=Status.SIFTING
        )
        turned_down = make_application(session, status=Status.NOT_SHORTLISTED, decided_at=AT)
        shortlisted = make_application(session, status=Status.SHORTLISTED, shortlisted_at=AT)
        later = make_application(session, status=Status.WITHDRAWN, shortlisted_at=AT, withdrawn_at=AT)
        assert [veil.is_veiled(one, True) for one in (new, withdrawn, turned_down)] == [True] * 3
        assert [veil.is_veiled(one, True) for one in (shortlisted, later)] == [False] * 2
        assert not veil.is_veiled(new, False)
        assert veil.shown_name(new, True) == new.reference
        assert veil.shown_name(new, False) == f"Amina {new.family_name}"
        named = session.query(Application.id).where(veil.may_be_named(anonymised=True))
        assert {one for (one,) in named} == {shortlisted.id, later.id}


def test_columns_that_nobody_listed_are_hidden_in_lists_and_exports() -> None:
    hidden = {
        column.key
        for column in Application.__table__.columns
        if veil.shown_column(column.key, "said", veiled=True) != "said"
    }
    assert {
        *("given_names", "family_name", "preferred_name", "name_key", "email", "phone", "town", "postcode"),
        *("registration_number", "adjustments_needed", "candidate_id", "answers", "snapshot"),
    } <= hidden
    assert veil.shown_column("registration_number", "SW1", veiled=True) == "Provided"
    assert veil.shown_column("disability_confident", True, veiled=True) is True
    assert veil.shown_column("adjustments_needed", True, veiled=False, hr=True) is True
    assert veil.shown_column("adjustments_needed", True, veiled=False) is None


EVERYTHING = Needs(
    registers=(RegisterBody.SWE, RegisterBody.HCPC),
    asye=True,
    travel=True,
    one_statement=False,
    criteria=(Wanted(7, "Direct work with children", essential=True),),
    disability_confident=True,
    schemes=tuple(InterviewScheme),
    regulated=True,
)
"""An advert that asks whatever any advert asks."""

HIDDEN_ON_PURPOSE = {
    "eligibility": {"employee_number", "source"},
    "registration": {"swe_number", "hcpc_number", "bps_membership", "fitness_to_practise", "fitness_details"},
    "support": {"adjustments", "adjustments_details"},
    "declarations": {"relationship", "relationship_details", "councillor_12m"},
}
"""Outside the details and the referees: what a hiring manager does not see under the veil."""


@pytest.mark.parametrize("needs", [EVERYTHING, replace(EVERYTHING, criteria=(), one_statement=True)])
def test_of_the_form_that_people_fill_in_exactly_what_the_panel_decides_by_is_shown(
    app: Flask, needs: Needs
) -> None:
    hidden: dict[str, set[str]] = {}
    with app.test_request_context():
        for section in journey_for(needs).sections:
            asked = [field for step in section.steps for field in step.form.from_answers({}).questions]
            before = snapshot(section.slug, *(row(field.short_name) for field in asked if field.in_summary))
            after = veil.shown_snapshot(before, True)["sections"][0]["groups"][0]["rows"]
            hidden[section.slug] = {one["name"] for one in after if one["answer"] is None}
            if section.slug in ("details", "referees"):
                assert len(hidden.pop(section.slug)) == len(after)
    assert {slug: names for slug, names in hidden.items() if names} == HIDDEN_ON_PURPOSE
