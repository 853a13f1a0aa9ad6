"""What lists and exports read of a history; and that the veil knows every question of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.applications.history.facts import HistoryFacts, facts_of_history
from portal.applications.history.sections import EDUCATION, EMPLOYMENT, REFEREES, TRAINING
from portal.applications.veil import SHOWABLE, matches
from portal.core.forms import PortalForm
from portal.journeys.answers import Answers, Item
from portal.journeys.engine import Section, question_names

ON = date(2026, 11, 26)
LEFT = {"left-education": {"education_left": "yes", "left_education": "2015-07"}}


def facts(worked: str = "yes", shortest: int = 1, **lists: list[dict[str, Any]]) -> HistoryFacts:
    items = {
        slug: tuple(Item(f"{slug}-{number}", entry) for number, entry in enumerate(entries))
        for slug, entries in lists.items()
    }
    answers = Answers({**LEFT, "work": {"has_worked": worked}}, items)
    return facts_of_history(answers, ON, {"gap_min_months": shortest})


def job(start: str, end: str | None, **changes: Any) -> dict[str, Any]:
    dates = {"start": start, "current": "no" if end else "yes", **({"end": end} if end else {})}
    return {"title": "Social worker", "employer": "A council", "post_type": "paid", **dates, **changes}


def test_of_nothing_comes_nothing() -> None:
    empty = facts_of_history(Answers(), ON, {})
    assert empty == HistoryFacts(None, None, None, 0, ["never_worked"])


def test_the_current_post_is_the_newest_that_is_paid() -> None:
    found = facts(jobs=[
        job("2015-08", "2019-01", title="Old"),
        job("2019-02", None, title="Social worker"),
        job("2020-01", None, title="Trustee", post_type="voluntary"),
    ])  # fmt: skip
    assert (found.current_employer, found.current_job_title) == ("A council", "Social worker")
    found = facts(jobs=[job("2019-02", None), job("2022-01", None, title="Newer", employer="B")])
    assert (found.current_employer, found.current_job_title) == ("B", "Newer")


def test_who_works_nowhere_now_has_no_current_post() -> None:
    found = facts(jobs=[job("2015-08", "2026-09")])
    assert (found.current_employer, found.current_job_title) == (None, None)


def test_agency_work_names_where_it_is() -> None:
    found = facts(jobs=[job("2015-08", None, employer="Locums", placement="A council")])
    assert found.current_employer == "Locums (placed with A council)"


def test_long_names_fit_their_column() -> None:
    found = facts(jobs=[job("2015-08", None, employer="E" * 200, placement="P" * 200)])
    assert found.current_employer is not None
    assert len(found.current_employer) == 200


def test_gaps_are_counted_whether_explained_or_not() -> None:
    jobs = [job("2015-08", "2019-01"), job("2019-03", "2026-08")]
    explained = [{"first": "2019-02", "last": "2019-02", "reason": "travel", "explanation": "Yes"}]
    assert facts(jobs=jobs).gap_count == facts(jobs=jobs, gaps=explained).gap_count == 2
    assert facts(jobs=jobs, shortest=2).gap_count == 1


@pytest.mark.parametrize(
    ("held", "highest"),
    [
        ([("GCSE", "school", "yes"), ("BA", "degree", "yes"), ("A level", "college", "yes")], "BA"),
        ([("BA", "degree", "yes"), ("MA", "postgraduate", "no")], "BA"),
        ([("MA", "postgraduate", "no")], "MA (still studying)"),
        ([("Something", "other", "yes"), ("GCSE", "school", "yes")], "GCSE"),
        ([("Diplom", "", "yes")], "Diplom"),
    ],
)
def test_the_highest_qualification_is_the_highest_that_is_finished(
    held: list[tuple[str, str, str]], highest: str
) -> None:
    entries = [{"title": title, "level": level, "finished": finished} for title, level, finished in held]
    assert facts(qualifications=entries).highest_qualification == highest


@pytest.mark.parametrize(
    ("referee", "flags"),
    [
        ({"referee_kind": "current_employer", "email": "boss@example.org"}, []),
        ({"referee_kind": "current_employer", "email": "boss@Gmail.com"}, ["referee_free_mail"]),
        ({"referee_kind": "personal", "email": "friend@gmail.com"}, []),
        ({"referee_kind": "academic", "email": "a@b.ac.uk", "contact": "ask_first"}, ["referee_ask_first"]),
    ],
)
def test_flags_are_reasons_to_look(referee: dict[str, str], flags: list[str]) -> None:
    jobs = [job("2015-08", None), job("2016-08", None)]  # two full-time jobs at once are no flag
    assert facts(jobs=jobs, referees=[referee]).flags == flags


@pytest.mark.parametrize(
    ("education", "started", "flagged"),
    [
        ({"education_left": "no"}, "2026-11", True),
        ({"education_left": "no", "left_education": "2015-07"}, "2020-01", True),
        ({"education_left": "yes", "left_education": "2026-10"}, "2021-10", False),
        ({"education_left": "yes", "left_education": "2026-10"}, "2021-09", True),
        ({"education_left": "yes", "left_education": "2015-07"}, "2015-08", False),
    ],
)
def test_work_that_does_not_fit_with_leaving_education_is_a_reason_to_look(
    education: dict[str, str], started: str, *, flagged: bool
) -> None:
    jobs = (Item("a", job("2026-10", None)), Item("b", job(started, "2026-11")))
    for worked, expected in (("yes", flagged), ("no", False)):
        steps = {"left-education": education, "work": {"has_worked": worked}}
        found = facts_of_history(Answers(steps, {"jobs": jobs}), ON, {})
        assert ("education_and_work" in found.flags) == expected
    without = facts_of_history(Answers({"left-education": education, "work": {"has_worked": "yes"}}), ON, {})
    assert "education_and_work" not in without.flags


@pytest.mark.parametrize(
    "relationship",
    [
        *("my mother", "Aunt", "husband", "Sister-in-law", "MY DAD", "She is my cousin’s wife"),
        *("Grandmother", "step-father", "stepmum", "fiancée", "ex-husband", "my partner", "Partner"),
        *("godson", "my twin brother", "auntie & friend", "civil partner", "My parents’ friend, uncle to me"),
    ],
)
def test_a_relative_among_the_referees_is_a_reason_to_look(relationship: str) -> None:
    referee = {"referee_kind": "personal", "email": "a@example.org", "relationship": relationship}
    assert facts(jobs=[job("2015-08", None)], referees=[referee]).flags == ["referee_relative"]


@pytest.mark.parametrize(
    "relationship",
    [
        *("My line manager", "Ward sister", "sister in charge", "business partner", "partner agency"),
        *("Manager of the mother and baby unit", "Grand Avenue School", "Family support manager"),
        *(
            "Person in charge",
            "Sonographer",
            "Auntel Ltd",
            "Dadson House lead",
            "My tutor in partnership work",
        ),
        *("practice educator", "Manager at our partner school", "Sister school’s head", "", "Unclear"),
    ],
)
def test_words_that_only_look_like_a_relative_are_none(relationship: str) -> None:
    referee = {"referee_kind": "personal", "email": "a@example.org", "relationship": relationship}
    assert facts(jobs=[job("2015-08", None)], referees=[referee]).flags == []


def test_who_never_worked_has_no_post_whatever_was_listed_before() -> None:
    found = facts("no", jobs=[job("2015-08", None)])
    assert (found.current_employer, found.flags, found.gap_count) == (None, ["never_worked"], 1)


def asked(form: type[PortalForm]) -> list[str]:
    return [name for name in question_names(form) if form.from_answers({}).portal_field(name).in_summary]


@pytest.mark.parametrize("section", [EDUCATION, TRAINING, EMPLOYMENT], ids=lambda section: section.slug)
def test_the_veil_shows_every_question_of_a_history(section: Section) -> None:
    names = [name for step in section.steps for name in asked(step.form)]
    assert [name for name in names if not matches(name, SHOWABLE[section.slug])] == []


def test_the_veil_hides_referees_as_a_whole() -> None:
    assert REFEREES.slug not in SHOWABLE
