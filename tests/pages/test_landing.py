"""The landing page: what inspectors found, said so that it can be heard, and two doors with live numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.core.database import Database
from portal.inspections.models import InspectionStatus, Quotation
from portal.pages.landing import FAMILIES, WITH_CHILDREN, arrange
from portal.vacancies.options import JobFamily
from tests.support.builders import make_vacancy
from tests.support.client import JudgingClient
from tests.support.first_records import SAID_2023
from tests.support.inspections import forget_inspections, make_inspection


@pytest.fixture
def unrecorded(db: Database) -> None:
    """No inspection at all."""
    with db.transaction() as session:
        forget_inspections(session)


def test_the_grades_are_a_table_that_can_be_heard(client: JudgingClient) -> None:
    (table,) = client.get("/").page.all("table")
    caption = table.first("caption")
    assert caption is not None
    assert caption.text == "Ofsted’s judgements of Southampton City Council’s children’s services, June 2023"
    head, *rows = table.all("tr")
    assert [(cell.tag, cell["scope"], cell.text) for cell in head.all("th", "td")] == [
        ("th", "col", "What was judged"),
        ("th", "col", "Grade"),
    ]
    cells = [row.all("th", "td") for row in rows]
    assert all((name.tag, name["scope"], grade.tag) == ("th", "row", "td") for name, grade in cells)
    assert [(name.text, grade.text) for name, grade in cells] == [
        ("The impact of leaders on social work practice with children and families", "Outstanding"),
        ("The experiences and progress of children who need help and protection", "Good"),
        ("The experiences and progress of children in care", "Good"),
        ("The experiences and progress of care leavers", "Good"),
        ("Overall effectiveness", "Good"),
    ]


def test_it_says_what_was_inspected_and_when(client: JudgingClient) -> None:
    page = client.get("/").page
    assert "from 5 to 16 June 2023 and judged them good overall" in page.main.text
    assert "three weeks in May and June 2023" in page.main.text
    facts = page.first("dl", class_="facts")
    assert facts is not None
    assert [(row.all("dt")[0].text, row.all("dd")[0].text) for row in facts.all("div")] == [
        ("Inspected", "5 to 16 June 2023"),
        ("Published", "28 July 2023"),
        ("Heard from", "More than 100 children, staff, parents and partners"),
        ("Lead inspector", "Tom Anthony HMI"),
        ("Kind of inspection", "ILACS standard inspection"),
    ]


def test_it_shows_the_way_since_the_inspection_before(client: JudgingClient) -> None:
    way = client.get("/").page.first("ol", class_="way")
    assert way is not None
    before, now = way.all("li")
    assert "November 2019: Requires improvement to be good" in before.text
    assert "Inspected 18 to 29 November 2019, published 9 January 2020" in before.text
    assert "June 2023: Good" in now.text


def test_it_says_what_must_still_improve(client: JudgingClient) -> None:
    text = client.get("/").page.main.text
    assert "What we still have to improve" in text
    for point in ("short breaks", "dental checks", "arrive here on their own", "privately fostered"):
        assert point in text


def test_nothing_is_quoted_but_the_recorded_phrases_each_with_who_said_it(client: JudgingClient) -> None:
    page = client.get("/").page
    quoted = re.findall(r"“([^”]*)”", page.main.text)
    assert sorted(quoted) == sorted(words for _, words, _, _ in SAID_2023)
    figures = page.all("figure")
    assert len(page.all("blockquote")) == len(quoted)
    said = {(words, f"{who}, on {about}") for _, words, who, about in SAID_2023}
    for figure in figures:
        caption = figure.first("figcaption")
        assert caption is not None
        for phrase in figure.all("blockquote"):
            assert (phrase.text.strip("“”"), caption.text) in said


def test_inspectors_and_our_own_people_are_kept_apart(client: JudgingClient) -> None:
    page = client.get("/").page
    for section in page.main.all("section"):
        speakers = {caption.text.split(",")[0] for caption in section.all("figcaption")}
        assert len(speakers) < 2 or "Ofsted inspectors" not in speakers


def test_it_links_to_the_report_and_names_the_licence(client: JudgingClient) -> None:
    page = client.get("/").page
    assert "https://files.ofsted.gov.uk/v1/file/50224705" in page.links()
    footer = page.first("footer")
    assert footer is not None
    assert (
        "Source: Ofsted, inspection of Southampton City Council’s children’s services, 5 to 16 June 2023"
        in footer.text
    )
    assert "Contains public sector information licensed under the Open Government Licence v3.0" in footer.text


def test_the_next_inspection_replaces_the_last(client: JudgingClient, db: Database) -> None:
    with db.transaction() as session:
        newer = make_inspection(session, status=InspectionStatus.DRAFT)
    assert client.get("/").page.h1 == "Good services for children. Outstanding leadership."
    with db.transaction() as session:
        session.get_one(type(newer), newer.id).status = InspectionStatus.PUBLISHED
    page = client.get("/").page
    assert page.h1 == "Still good for children"
    assert "1 to 12 March 2027" in page.main.text
    assert "From 2023 to 2027" in page.main.text
    assert "impressive" not in page.main.text
    assert [quote.text for quote in page.all("blockquote")] == ["“learning every week”"]


@pytest.mark.usefixtures("unrecorded")
def test_without_an_inspection_the_doors_are_open_all_the_same(client: JudgingClient) -> None:
    page = client.get("/").page
    assert page.h1 == "Work with children, or foster, in Southampton"
    assert not page.all("table", "blockquote")
    assert {"/vacancies", "/fostering"} <= set(page.links())
    assert "Ofsted" not in page.main.text


@pytest.mark.usefixtures("unrecorded")
def test_the_first_inspection_of_all_has_no_way_to_show(client: JudgingClient, db: Database) -> None:
    with db.transaction() as session:
        make_inspection(session)
    assert client.get("/").page.first("ol", class_="way") is None


def counts(client: JudgingClient) -> dict[str, str]:
    """What the first door says of each family."""
    door = client.get("/").page.first("ul", class_="door__list")
    assert door is not None
    rows = [re.fullmatch(r"(\w+(?: workers)?) (\d+ .*|none open)", item.text) for item in door.all("li")]
    return {row[1]: row[2] for row in rows if row}


def test_the_number_of_open_vacancies_in_each_family_is_live(
    client: JudgingClient, db: Database, at: datetime
) -> None:
    with db.transaction() as session:
        for family in (JobFamily.SOCIAL_WORK, JobFamily.SOCIAL_WORK, JobFamily.MANAGEMENT):
            make_vacancy(session, family=family, closes_at=at + timedelta(days=7))
        make_vacancy(session, family=JobFamily.PSYCHOLOGY, closes_at=at - timedelta(minutes=1))
    with time_machine.travel(at, tick=False):
        assert counts(client) == {
            "Social workers": "2 vacancies",
            "Psychologists": "none open",
            "Managers": "1 vacancy",
        }
        page = client.get("/").page
        assert "See 3 vacancies" in page.main.text
        assert "/vacancies?family=social_work" in page.links()
        assert "/vacancies?family=psychology" not in page.links()
    with time_machine.travel(at + timedelta(days=7), tick=False):
        assert set(counts(client).values()) == {"none open"}


def test_every_family_has_its_place(db: Database) -> None:
    assert [code for code, _ in FAMILIES] == [family.value for family in JobFamily]


def test_a_kept_page_ends_when_an_advert_closes(
    make_app: Callable[..., Flask], make_client: Callable[..., JudgingClient], db: Database, at: datetime
) -> None:
    with db.transaction() as session:
        make_vacancy(session, family=JobFamily.PSYCHOLOGY, closes_at=at + timedelta(seconds=20))
    visitor = make_client(make_app(page_cache_seconds=3600))
    with time_machine.travel(at, tick=False):
        assert counts(visitor)["Psychologists"] == "1 vacancy"
    with time_machine.travel(at + timedelta(seconds=20), tick=False):
        assert counts(visitor)["Psychologists"] == "none open"


def test_it_is_light(client: JudgingClient, statements: Callable[[], Any]) -> None:
    with statements() as found:
        answer = client.get("/")
    assert len(found) <= 5
    assert answer.page.all("script") == []
    assert "Set-Cookie" not in answer.headers
    # With the page itself: the stylesheet, the icon and the picture. A canonical link is fetched by nobody.
    fetched = [link for link in answer.page.all("link") if link["rel"] in ("stylesheet", "icon")]
    others = {link["rel"] for link in answer.page.all("link")} - {"stylesheet", "icon"}
    assert len(fetched + answer.page.all("img")) == 3
    assert others <= {"canonical"}


def test_drawn_again_it_reads_nothing(
    make_app: Callable[..., Flask],
    make_client: Callable[..., JudgingClient],
    statements: Callable[[], Any],
    at: datetime,
) -> None:
    visitor = make_client(make_app(page_cache_seconds=60, page_cache_pages=0))
    with time_machine.travel(at, tick=False):
        first = visitor.get("/")
        with statements() as found:
            second = visitor.get("/")
    assert second.get_data() == first.get_data()
    assert [sql for sql in found if "SELECT" in sql and "publications" not in sql] == []


def test_phrases_of_one_speaker_on_one_thing_stand_together() -> None:
    def said(words: str, about: str, *, by_inspectors: bool = True) -> Quotation:
        return Quotation(
            words=words,
            attributed_to="Them" if by_inspectors else "Us",
            by_inspectors=by_inspectors,
            about=about,
            topic=WITH_CHILDREN[0],
            position=1,
        )

    voices = arrange(
        [said("one", "a"), said("two", "a"), said("three", "b"), said("four", "a", by_inspectors=False)]
    )
    assert [voice.phrases for voice in voices.with_children] == [["one", "two"], ["three"]]
    assert [voice.attributed_to for voice in voices.ours] == ["Us"]
    assert voices.at_work == []
