"""The engine alone: no request, no database."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.journeys.engine import (
    Answers,
    Item,
    Journey,
    JourneyMistake,
    Progress,
    RepeatingStep,
    Section,
    Status,
    Step,
)
from portal.journeys.snapshot import build_snapshot, cells_of, sections_of
from tests.journeys.example import LINEAR, TASKS, AboutForm, JobForm, RoomForm, RoomsForm, SendForm

FACTS = {"care": ["SHORT", "LONG"]}
ROOM, ROOMS, ABOUT = LINEAR.steps
NAME, WORKED, JOBS, STATEMENT = TASKS.steps
ME = {"name": "Zoë", "email": "zoe@example.org", "care": ["LONG"], "why": "one\ntwo"}
JOB = {"employer": "A school", "began": "2019-09-01"}


def linear(**steps: dict[str, Any]) -> Progress:
    return Progress(
        LINEAR, Answers({slug.replace("_", "-"): answers for slug, answers in steps.items()}), FACTS
    )


def tasks(steps: dict[str, Any], jobs: list[dict[str, Any]] | None = None, completed: str = "") -> Progress:
    items = {"jobs": tuple(Item(f"id-{number}", job) for number, job in enumerate(jobs or []))}
    return Progress(TASKS, Answers(steps, items, frozenset(completed.split())), FACTS)


# One page after another


def test_the_path_follows_the_answers() -> None:
    assert linear().path == (ROOM, ABOUT)
    assert linear(room={"room": "yes"}).path == (ROOM, ROOMS, ABOUT)
    assert linear(room={"room": "no"}, rooms={"rooms": 2}).path == (ROOM, ABOUT)


def test_first_next_and_previous() -> None:
    start = linear()
    assert start.first_missing is ROOM
    assert start.before(ROOM) is None
    assert start.after(ROOM) is ABOUT
    middle = linear(room={"room": "yes"})
    assert middle.after(ROOM) is ROOMS
    assert middle.before(ABOUT) is ROOMS
    assert middle.first_missing is ROOMS
    assert middle.after(ABOUT) is None
    assert linear(room={"room": "no"}).after(ROOMS) is ABOUT  # from a page that is no longer on the path


def test_a_page_may_be_seen_when_everything_before_it_is_complete() -> None:
    assert [linear().may_see(step) for step in LINEAR.steps] == [True, False, False]
    assert [linear(room={"room": "yes"}).may_see(step) for step in LINEAR.steps] == [True, True, False]
    assert [linear(room={"room": "no"}).may_see(step) for step in LINEAR.steps] == [True, False, True]


def test_an_answer_that_no_longer_satisfies_is_missing() -> None:
    assert linear(room={"room": "yes"}, rooms={"rooms": 2}, about_you=ME).ready
    assert linear(room={"room": "yes"}, rooms={"rooms": 99}, about_you=ME).first_missing is ROOMS
    assert linear(room={"room": "maybe"}, about_you=ME).first_missing is ROOM
    assert linear(room={"room": "yes"}, about_you=ME).first_missing is ROOMS
    withdrawn = Progress(LINEAR, linear(room={"room": "no"}, about_you=ME).answers, {"care": ["SHORT"]})
    assert withdrawn.first_missing is ABOUT


def test_what_is_not_on_the_path_does_not_count() -> None:
    progress = linear(room={"room": "no"}, rooms={"rooms": 99}, about_you=ME)
    assert progress.ready
    assert "rooms" not in progress.on_path.flat()


# Task lists


def test_section_status() -> None:
    details, work, statement = TASKS.sections
    empty = tasks({})
    assert [empty.status(section) for section in TASKS.sections] == [
        Status.NOT_STARTED,
        Status.NOT_STARTED,
        Status.CANNOT_START,
    ]
    named = tasks({"full-name": {"full_name": "Zoë"}})
    assert named.status(details) is Status.IN_PROGRESS
    assert named.status(statement) is Status.NOT_STARTED
    assert tasks({"full-name": {"full_name": "Zoë"}}, completed="details").status(details) is Status.COMPLETED
    assert tasks({"full-name": {"full_name": ""}}, completed="details").status(details) is Status.IN_PROGRESS
    assert tasks({"worked": {"worked": "no"}}, completed="work").status(work) is Status.COMPLETED
    assert tasks({"worked": {"worked": "yes"}}, completed="work").status(work) is Status.IN_PROGRESS
    done = tasks({"worked": {"worked": "yes"}, "jobs": {}}, [JOB], "work")
    assert done.status(work) is Status.COMPLETED


def test_only_the_last_page_of_a_section_asks_whether_it_is_completed() -> None:
    yes, no = tasks({"worked": {"worked": "yes"}}), tasks({"worked": {"worked": "no"}})
    assert [yes.asks_completion(step) for step in TASKS.steps] == [True, False, True, True]
    assert no.asks_completion(WORKED)
    assert not any(linear().asks_completion(step) for step in LINEAR.steps)


def test_sections_are_taken_in_any_order() -> None:
    progress = tasks({})
    assert progress.may_see(WORKED)
    assert not progress.may_see(STATEMENT)
    assert not progress.may_see(JOBS)
    assert tasks({"full-name": {"full_name": "Zoë"}}).may_see(STATEMENT)
    assert tasks({"worked": {"worked": "yes"}}).after(JOBS) is None


@pytest.mark.parametrize(
    ("jobs", "problems"),
    [
        ([], ["Add a job"]),
        ([JOB], []),
        ([JOB, {**JOB, "employer": "A clinic"}], []),
        ([JOB, JOB], ["Remove the job that is there twice"]),
        ([JOB, {"employer": "A clinic"}], ["Complete or remove “A clinic”"]),
        ([JOB, {"began": "2020-01-01"}], ["Complete or remove “Job 2”"]),
        ([{**JOB, "employer": f"School {n}"} for n in range(4)], ["Remove a job: you can add 3 at most"]),
    ],
)
def test_rules_of_a_list(jobs: list[dict[str, Any]], problems: list[str]) -> None:
    assert tasks({"worked": {"worked": "yes"}}, jobs).list_problems(JOBS) == problems


def test_ready_when_every_section_is_said_to_be_completed() -> None:
    steps = {
        "full-name": {"full_name": "Zoë"},
        "worked": {"worked": "no"},
        "your-statement": {"statement": "Hello"},
    }
    assert not tasks(steps, completed="details work").ready
    assert tasks(steps, completed="details work statement").ready
    too_long = {**steps, "your-statement": {"statement": "x" * 31}}
    assert not tasks(too_long, completed="details work statement").ready


# Answers

keys = st.sampled_from(["one", "two", "three"])
changes = st.lists(
    st.one_of(
        st.tuples(
            st.just("step"), keys, st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2)
        ),
        st.tuples(st.just("item"), keys, st.sampled_from(["a", "b"])),
        st.tuples(st.just("remove"), keys, st.sampled_from(["a", "b"])),
        st.tuples(st.just("complete"), keys, st.booleans()),
    ),
    max_size=12,
)


@given(changes)
def test_answers_survive_json_and_changes_leave_the_rest_alone(made: list[tuple[str, str, Any]]) -> None:
    answers = Answers()
    for kind, slug, value in made:
        before = answers
        if kind == "step":
            answers = answers.with_step(slug, value)
        elif kind == "item":
            answers = answers.with_item(slug, Item(value, {"employer": value})).with_item(
                slug, Item(value, {})
            )
        elif kind == "remove":
            answers = answers.without_item(slug, value)
        else:
            answers = answers.with_completed(slug, completed=value)
        others = {"one", "two", "three"} - {slug}
        assert answers.only(others).to_json()["steps"] == before.only(others).to_json()["steps"]
        assert answers.only(others).to_json()["items"] == before.only(others).to_json()["items"]
    again = Answers.from_json(json.loads(json.dumps(answers.to_json())))
    assert again.to_json() == answers.to_json()


# Snapshots


def test_a_snapshot_holds_the_questions_as_worded() -> None:
    progress = linear(room={"room": "no"}, rooms={"rooms": 4}, about_you=ME)
    final = SendForm.from_answers({"true": True})
    snapshot = json.loads(json.dumps(build_snapshot(LINEAR, progress.answers, FACTS, final)))
    assert (snapshot["journey"], snapshot["version"]) == ("test-linear", "1")
    rows = {
        row.name: row for section in sections_of(snapshot) for group in section.groups for row in group.rows
    }
    assert list(rows) == ["room", "name", "email", "care", "why", "true"]
    assert (rows["room"].question, rows["room"].text, rows["room"].answer) == (
        "Do you have a spare room?",
        "No",
        "no",
    )
    assert (rows["care"].text, rows["care"].answer) == ("Long", ["LONG"])
    assert rows["why"].question == "Your reasons"
    assert cells_of(snapshot)["why"] == "one\ntwo"
    assert [section.title for section in sections_of(snapshot)] == [
        "Your home",
        "About you",
        "Confirmed when sending",
    ]


def test_a_snapshot_of_entries() -> None:
    progress = tasks({"worked": {"worked": "yes"}, "jobs": {}}, [JOB, {"began": "2020-01-31"}])
    snapshot = build_snapshot(TASKS, progress.answers, FACTS)
    work = sections_of(snapshot)[1]
    assert [group.heading for group in work.groups] == ["", "A school", "Job 2"]
    assert [group.item for group in work.groups] == [None, "id-0", "id-1"]
    assert cells_of(snapshot)["began"] == "1 September 2019\n31 January 2020"


# Declarations


@pytest.mark.parametrize(
    "steps",
    [
        (Step("one", "One", RoomForm), Step("one", "Two", RoomsForm)),
        (Step("one", "One", RoomForm), Step("two", "Two", RoomForm)),
        (Step("check-answers", "One", RoomForm),),
        (Step("One", "One", RoomForm),),
    ],
)
def test_a_contradictory_declaration_is_refused_at_once(steps: tuple[Step, ...]) -> None:
    with pytest.raises(JourneyMistake):
        Journey("x", "1", title="x", sections=(Section("s", "S", steps),))


def test_entries_may_use_names_of_other_pages() -> None:
    jobs = RepeatingStep("jobs", "Jobs", JobForm, one="job")
    referees = RepeatingStep("referees", "Referees", JobForm, one="referee")
    Journey(
        "x",
        "1",
        title="x",
        sections=(Section("s", "S", (jobs, referees, Step("about", "About", AboutForm))),),
    )
