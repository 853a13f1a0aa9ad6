"""The last application taken over: what is, what never is, and that nobody sends it without a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.applications.history.reuse import taken_over
from portal.core.database import Database
from portal.core.fields import RadioField, TextAreaField, TextField
from portal.core.forms import PortalForm
from portal.journeys import service
from portal.journeys.answers import Answers, Item
from portal.journeys.engine import Journey, Progress, Section, Status, Step
from portal.journeys.summary import task_list
from tests.applications.history.example import TOLD
from tests.support.builders import AT

HOLDER = "candidate:1:vacancy:1"


class EligibilityForm(PortalForm):
    right_to_work = TextField("May you work here?", required="Enter yes")
    source = TextField("Where did you hear of it?")


class FitnessForm(PortalForm):
    fitness_to_practise = RadioField(
        "Any proceedings?", choices=(("yes", "Yes"), ("no", "No")), required="Select"
    )


class DeclarationsForm(PortalForm):
    relationship = RadioField("Related?", choices=(("yes", "Yes"), ("no", "No")), required="Select yes")


def statement(*criteria: int) -> Section:
    steps = tuple(
        Step(f"criterion-{place}", "Criterion", type("Form", (PortalForm,), {
            f"criterion_{number}": TextAreaField("How?", required="Enter how")
        })) for place, number in enumerate(criteria, 1)
    )  # fmt: skip
    return Section("statement", "Statement", steps)


def advert(*criteria: int) -> Journey:
    """The form of an advert with these criteria."""
    more = (
        Section("eligibility", "Eligibility", (Step("eligibility", "Eligibility", EligibilityForm),)),
        Section("registration", "Registration", (Step("fitness", "Standing", FitnessForm),)),
        statement(*criteria),
        Section("support", "Support", (Step("support", "Support", type("SupportForm", (PortalForm,), {
            "adjustments": TextField("What helps?", required="Enter what helps")})),)),
        Section("declarations", "Declarations", (Step("declarations", "Declarations", DeclarationsForm),)),
    )  # fmt: skip
    return replace(TOLD, sections=(*TOLD.sections, *more))


JOB = {"employer": "Åland landskap", "title": "Socialarbetare", "start": "2019-03", "current": "yes"}
GAP = {"first": "2018-01", "last": "2019-02", "reason": "caring", "explanation": "My mother"}
SENT = Answers(
    {
        "details": {"email": "zoe@example.org"},
        "left-education": {"education_left": "yes", "left_education": "2015-07"},
        "work": {"has_worked": "yes"},
        "jobs": {},
        "gaps": {},
        "training": {},
        "eligibility": {"right_to_work": "yes", "source": "linkedin"},
        "fitness": {"fitness_to_practise": "no"},
        "criterion-1": {"criterion_7": "I can"},
        "criterion-2": {"criterion_8": "I can too"},
        "support": {"adjustments": "A quiet room"},
        "declarations": {"relationship": "no"},
    },
    {"jobs": (Item("one-job", JOB),), "gaps": (Item("one-gap", GAP),)},
    frozenset({"details", "education", "training", "employment", "declarations"}),
).to_json()


def test_answers_come_over_and_stand_as_imported() -> None:
    taken = taken_over(advert(9), SENT)
    assert taken.get("left_education") == "2015-07"
    assert [item.answers for item in taken.items["jobs"]] == [JOB]
    assert [item.answers for item in taken.items["gaps"]] == [GAP]
    assert taken.completed == frozenset()
    assert taken.imported == {"details", "education", "training", "employment", "eligibility"}
    assert Answers.from_json(taken.to_json()) == taken


def test_declarations_support_and_other_criteria_never_come_over() -> None:
    taken = taken_over(advert(9, 8), SENT).flat()
    assert taken["right_to_work"] == "yes"
    assert taken["criterion_8"] == "I can too", "the same criterion of the same advert"
    never = {"relationship", "adjustments", "fitness_to_practise", "source", "criterion_7", "criterion_9"}
    assert not never & set(taken)


def test_imported_sections_say_so_lead_to_their_first_page_and_are_not_sent() -> None:
    progress = Progress(TOLD, taken_over(TOLD, SENT))
    tasks = {
        task.slug: task for task in task_list(progress, lambda name, **values: f"{name}:{values['step']}")
    }
    assert tasks["employment"].status == "Imported"
    assert tasks["employment"].url == "step:work"
    assert tasks["referees"].status == "Not yet started"
    assert not progress.ready
    marked = replace(progress.answers, completed=frozenset(section.slug for section in TOLD.sections))
    assert Progress(TOLD, marked).status(TOLD.sections[0]) is Status.IMPORTED


@pytest.mark.parametrize("deed", ["page", "entry", "removal"])
def test_a_section_is_imported_until_it_is_saved(db: Database, deed: str) -> None:
    place = service.Place(TOLD, HOLDER, timedelta(days=30))
    with db.transaction() as session:
        taken = taken_over(TOLD, SENT)
        service.begin_with(
            session,
            journey=TOLD.name,
            version="1",
            holder=HOLDER,
            answers=taken,
            until=AT + timedelta(days=9),
            at=AT,
        )
        if deed == "page":
            draft = service.save_step(session, place, "work", {"has_worked": "yes"}, AT)
        elif deed == "entry":
            draft = service.save_item(session, place, "jobs", Item("two", JOB), AT)
        else:
            draft = service.remove_item(session, place, "gaps", "one-gap", AT)
        after = Answers.from_json(draft.answers)
    assert after.imported == {"details", "education", "training"}
    assert Progress(TOLD, after).status(TOLD.sections[3]) is Status.IN_PROGRESS
