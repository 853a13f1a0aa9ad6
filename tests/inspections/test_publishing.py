"""What makes an inspection public, changes it or takes it back: seen before, done once, kept in the audit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.access import Actor
from portal.core.database import Database
from portal.core.errors import NotFound, StaleEdit
from portal.core.page_cache import Publication
from portal.inspections import service
from portal.inspections.models import Inspection, InspectionStatus, InspectionType, Topic
from portal.inspections.queries import (
    draft_of,
    evidence_cards,
    latest_and_previous,
    outlook_for,
    quotation_choices,
)
from tests.inspections.writing import (
    INDEX,
    correcting,
    draft_path,
    events,
    key_of_words,
    newest,
    newest_id,
    published,
    whole,
)
from tests.support.builders import make_vacancy
from tests.support.client import SAME_ORIGIN, JudgingClient
from tests.support.inspections import forget_inspections, make_draft

TODAY = date(2026, 11, 26)


@pytest.fixture
def draft_id(db: Database) -> int:
    """A draft of September 2026 that is ready."""
    with db.transaction() as session:
        return make_draft(session, answers=whole()).id


def publications(db: Database) -> int:
    with db.reading() as session:
        return session.scalar(select(Publication.version)) or 0


def fields_on(client: JudgingClient, path: str) -> dict[str, str]:
    return {
        field["name"]: field.get("value", "")
        for field in client.get(path).page.all("input")
        if field.get("name")
    }


def test_a_new_inspection_takes_over_the_landing_page(
    hr: JudgingClient, client: JudgingClient, db: Database, draft_id: int
) -> None:
    before = publications(db)
    look = hr.get(draft_path(draft_id, "publish")).page.main.text
    assert "Now it shows the inspection of 5 to 16 June 2023." in look
    assert "Then it shows the inspection of 7 to 18 September 2026." in look
    assert "The inspection before, for comparison, is that of 5 to 16 June 2023." in look
    answer = published(hr, draft_id)
    assert "Published. The public sees it now." in hr.follow(answer).page.main.text
    page = client.get("/").page
    assert page.h1 == "Still good for children"
    assert "From 2023 to 2026" in page.main.text
    assert "learning every week" in page.main.text
    assert publications(db) == before + 1
    (event,) = events(db, "inspections.published")
    assert event.facts["changes"]["headline"] == [None, "Still good for children"]
    assert event.facts["changes"]["judgement:OVERALL"] == [
        None,
        {"grade": "GOOD", "label": "Overall effectiveness"},
    ]
    with db.reading() as session:
        assert (
            session.scalars(select(Inspection).order_by(Inspection.id.desc())).first().checked_on is not None
        )  # type: ignore[union-attr]


def test_the_preview_is_the_landing_page(hr: JudgingClient, client: JudgingClient, draft_id: int) -> None:
    answer = hr.get(draft_path(draft_id, "preview"))
    assert "no-store" in answer.headers["Cache-Control"]
    assert [tag.get("content") for tag in answer.page.all("meta", name="robots")] == ["noindex"]
    assert "This is the landing page as it will be" in answer.text
    shown = answer.page.main.text
    published(hr, draft_id)
    assert client.get("/").page.main.text == shown


def test_adverts_that_lose_evidence_are_named(hr: JudgingClient, db: Database, draft_id: int, at) -> None:
    with db.transaction() as session:
        training = [card.id for card in quotation_choices(session) if card.topic is Topic.TRAINING]
        named = make_vacancy(session, title="Names two", evidence=training)
        make_vacancy(session, title="Names none")
        ended = {"publish_at": at - timedelta(days=400), "closes_at": at - timedelta(days=300)}
        make_vacancy(session, title="Has ended", evidence=training, **ended)
        reference = named.reference
    look = hr.get(draft_path(draft_id, "publish")).page.main.text
    assert "This advert loses evidence" in look
    assert f"{reference}, Names two" in look
    assert "“thoughtfully commissioned”, “widely available”" in look
    assert "Names none" not in look
    assert "Has ended" not in look
    published(hr, draft_id)
    with db.reading() as session:
        assert evidence_cards(session, training) == []


def test_what_stands_in_the_way_is_listed(hr: JudgingClient, client: JudgingClient, db: Database) -> None:
    answers = whole(
        starts_on="2023-06-12", ends_on="2023-06-20", published_on="2023-08-01", report_url="", urn="80559"
    )
    answers["steps"]["judgements"] = {"leaders_grade": "GOOD", "leaders_label": "Leaders"}
    answers["steps"]["words"]["headline"] = "Outstanding for children"
    with db.transaction() as session:
        draft_id = make_draft(session, answers=answers).id
    page = hr.get(draft_path(draft_id, "publish")).page
    assert page.h1 == "This cannot be published yet"
    for reason in (
        "Enter the grade for overall effectiveness",
        "Enter the grade of at least one area beside overall effectiveness",
        "Enter the link to the report: inspectors’ words need their source",
        "Change the headline: it says “outstanding”, and nothing was judged so",
        "Check the Ofsted URN: that of Southampton City Council is 80558",
    ):
        assert reason in page.main.text
    token = fields_on(hr, draft_path(draft_id, "words"))["csrf_token"]
    forced = hr.post(
        draft_path(draft_id, "publish"),
        data={"csrf_token": token, "compared": "yes", "seen": "x", "form_end": "1"},
        headers=SAME_ORIGIN,
    )
    assert forced.status_code == 409
    assert client.get("/").page.h1 == "Good services for children. Outstanding leadership."
    assert not events(db, "inspections.published")


@pytest.mark.parametrize(
    ("dates", "reason"),
    [
        (("2023-06-05", "2023-06-16"), "There is already an inspection of 5 to 16 June 2023"),
        (
            ("2023-06-10", "2023-06-20"),
            "Change the dates: they overlap with the inspection of 5 to 16 June 2023",
        ),
    ],
)
def test_one_inspection_is_not_published_twice(
    hr: JudgingClient, db: Database, dates: tuple[str, str], reason: str
) -> None:
    with db.transaction() as session:
        draft_id = make_draft(session, answers=whole(starts_on=dates[0], ends_on=dates[1])).id
    assert reason in hr.get(draft_path(draft_id, "publish")).page.main.text


def test_grades_belong_to_kinds_that_end_in_them(hr: JudgingClient, db: Database) -> None:
    with db.transaction() as session:
        draft_id = make_draft(session, answers=whole(type=InspectionType.FOCUSED_VISIT.value)).id
    assert "Remove the grades" in hr.get(draft_path(draft_id, "publish")).page.main.text


def test_a_visit_without_grades_is_published_and_not_shown(
    hr: JudgingClient, client: JudgingClient, db: Database
) -> None:
    answers = whole(type=InspectionType.FOCUSED_VISIT.value)
    answers["steps"]["judgements"] = {}
    with db.transaction() as session:
        draft_id = make_draft(session, answers=answers).id
    assert "ends in no grades and is not shown" in hr.get(draft_path(draft_id, "preview")).text
    assert (
        "It still shows the inspection of 5 to 16 June 2023"
        in hr.get(draft_path(draft_id, "publish")).page.main.text
    )
    assert published(hr, draft_id).status_code == 303
    assert client.get("/").page.h1 == "Good services for children. Outstanding leadership."


def test_of_an_inspection_that_quotes_nobody_no_evidence_is_spoken_of(
    hr: JudgingClient, db: Database
) -> None:
    path = f"{INDEX}/{newest_id(db)}"
    assert "adverts can show its inspectors’ words" in hr.get(path).page.main.text
    assert "The landing page and evidence on adverts" in hr.get(INDEX).page.main.text
    with db.transaction() as session:
        answers = whole() | {"items": {"quotations": []}}
        draft_id = make_draft(session, answers=answers).id
    shown = hr.follow(published(hr, draft_id)).page.main.text
    assert "The landing page shows it. It has no words of inspectors that adverts could show." in shown
    assert "evidence on adverts" not in hr.get(INDEX).page.main.text


def test_a_correction_keeps_the_rows_that_adverts_point_at(hr: JudgingClient, db: Database) -> None:
    with db.reading() as session:
        before = {said.words: said.id for said in newest(session).quotations}
        version = newest(session).version
    draft_id = correcting(hr, db)
    fields = fields_on(hr, draft_path(draft_id, "delete"))
    again = hr.post(f"{INDEX}/{newest_id(db)}/correct", data=fields, headers=SAME_ORIGIN)
    assert again.location == draft_path(draft_id), "one draft at most changes a record"
    hr.post_form(
        draft_path(draft_id, "quotations", key_of_words(db, "widely")),
        {"words": "widely offered", "place": "1"},
    )
    hr.post_form(draft_path(draft_id, "quotations", key_of_words(db, "impressive"), "remove"), {})
    hr.post_form(draft_path(draft_id, "judgements"), {"in_care_label": "Children in care"})
    with db.transaction() as session:
        ids = [before["widely available"], before["impressive"]]
        make_vacancy(session, title="Names both", evidence=ids)
    look = hr.get(draft_path(draft_id, "publish")).page.main.text
    assert "It still shows the inspection of 5 to 16 June 2023, as this draft has it." in look
    assert "Names both (open): “impressive”" in look
    assert "“widely available” becomes “widely offered”" in look
    published(hr, draft_id)
    with db.reading() as session:
        record = newest(session)
        after = {said.words: said.id for said in record.quotations}
        assert after == {
            ("widely offered" if words == "widely available" else words): number
            for words, number in before.items()
            if words != "impressive"
        }
        assert record.quotations[0].words == "widely offered"
        assert record.version > version
        assert [card.words for card in evidence_cards(session, ids)] == ["widely offered"]
    (event,) = events(db, "inspections.published")
    said = event.facts["changes"][f"quotation:{before['widely available']}"]
    assert [half["words"] for half in said] == ["widely available", "widely offered"]
    assert event.facts["changes"][f"quotation:{before['impressive']}"][1] is None
    assert event.facts["changes"]["judgement:IN_CARE"][1]["label"] == "Children in care"
    assert "headline" not in event.facts["changes"]


def test_a_correction_of_nothing_changes_nothing(
    hr: JudgingClient, client: JudgingClient, db: Database
) -> None:
    before = client.get("/").text
    published(hr, correcting(hr, db))
    (event,) = events(db, "inspections.published")
    assert event.facts["changes"] == {}
    assert client.get("/").text == before


def test_published_by_two_people_at_once_it_is_public_once(
    hr: JudgingClient, db: Database, draft_id: int
) -> None:
    path = draft_path(draft_id, "publish")
    fields = {**fields_on(hr, path), "compared": "yes"}
    answers = [hr.post(path, data=fields, headers=SAME_ORIGIN) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert answers[1].page.h1 == "This draft is not there any more"
    assert "The landing page shows the inspection of 7 to 18 September 2026" in answers[1].page.main.text
    assert len(events(db, "inspections.published")) == 1


def test_two_drafts_of_one_inspection_cannot_both_be_published(
    hr: JudgingClient, db: Database, draft_id: int
) -> None:
    with db.transaction() as session:
        other = make_draft(session, answers=whole()).id
    path = draft_path(other, "publish")
    fields = {**fields_on(hr, path), "compared": "yes"}
    published(hr, draft_id)
    late = hr.post(path, data=fields, headers=SAME_ORIGIN)
    assert late.status_code == 409
    assert "There is already an inspection of 7 to 18 September 2026" in late.page.main.text


def test_what_changed_meanwhile_is_looked_at_again(hr: JudgingClient, db: Database, draft_id: int) -> None:
    path = draft_path(draft_id, "publish")
    fields = {**fields_on(hr, path), "compared": "yes"}
    hr.post_form(draft_path(draft_id, "words"), {"headline": "Another headline"})
    late = hr.post(path, data=fields, headers=SAME_ORIGIN)
    assert late.status_code == 409
    assert "Nothing was published" in late.page.main.text
    again = {field["name"]: field.get("value", "") for field in late.page.all("input") if field.get("name")}
    assert hr.post(path, data={**again, "compared": "yes"}, headers=SAME_ORIGIN).status_code == 303


def test_comparing_is_confirmed_before_anything_is_public(hr: JudgingClient, draft_id: int) -> None:
    answer = hr.post_form(draft_path(draft_id, "publish"), {})
    assert answer.status_code == 422
    assert answer.page.errors == ["Tick that you have compared it with Ofsted’s report"]


def test_a_record_is_withdrawn_with_a_reason_and_published_again(
    hr: JudgingClient, client: JudgingClient, db: Database
) -> None:
    number = newest_id(db)
    path = f"{INDEX}/{number}/withdraw"
    with db.transaction() as session:
        ids = [card.id for card in quotation_choices(session)]
        make_vacancy(session, title="Names one", evidence=ids[:1])
    assert "Names one" in hr.get(path).page.main.text
    assert "Then it shows the inspection of 18 to 29 November 2019." in hr.get(path).page.main.text
    assert hr.post_form(path, {"reason": ""}).page.errors == ["Enter why it is withdrawn"]
    draft = hr.follow(hr.post_form(path, {"reason": "The grades were of another council"}))
    assert "Withdrawn because: The grades were of another council" in draft.page.main.text
    assert "from 18 to 29 November 2019" in client.get("/").page.main.text
    (event,) = events(db, "inspections.withdrawn")
    assert event.facts == {"status": ["PUBLISHED", "DRAFT"], "reason": "The grades were of another council"}
    with db.reading() as session:
        assert evidence_cards(session, ids) == []
        found, before = latest_and_previous(session)
        assert found is not None
        assert (found.dates, before) == ("18 to 29 November 2019", None)
    again = hr.get(path)
    assert again.status_code == 409
    assert "already withdrawn" in again.page.main.text
    draft_id = int(draft.request.path.rpartition("/")[2])
    published(hr, draft_id)
    with db.reading() as session:
        assert [card.id for card in evidence_cards(session, ids)] == ids


def test_the_landing_page_is_sane_when_everything_is_withdrawn(
    hr: JudgingClient, client: JudgingClient, db: Database
) -> None:
    with db.reading() as session:
        numbers = list(session.scalars(select(Inspection.id).order_by(Inspection.starts_on.desc())))
    for number in numbers:
        assert hr.post_form(f"{INDEX}/{number}/withdraw", {"reason": "By mistake"}).status_code == 303
    page = client.get("/").page
    assert page.h1 == "Work with children, or foster, in Southampton"
    assert "Ofsted" not in page.main.text
    assert "The public sees nothing of it" in hr.get(f"{INDEX}/{numbers[0]}").page.main.text


def test_a_look_that_is_too_old_withdraws_nothing(hr: JudgingClient, db: Database, draft_id: int) -> None:
    path = f"{INDEX}/{newest_id(db)}/withdraw"
    fields = {**fields_on(hr, path), "reason": "By mistake"}
    published(hr, draft_id)
    late = hr.post(path, data=fields, headers=SAME_ORIGIN)
    assert late.status_code == 409
    assert "Nothing was withdrawn" in late.page.main.text
    assert "By mistake" in late.page.main.text
    with db.reading() as session:
        assert newest(session).status is InspectionStatus.PUBLISHED


def test_comparing_is_noted_and_asked_for_after_a_year(hr: JudgingClient, db: Database) -> None:
    with db.transaction() as session:
        newest(session).checked_on = date(2025, 1, 1)
    assert "To do" in hr.get(INDEX).page.main.text
    assert "1 record to compare with Ofsted’s site" in hr.get("/staff/").page.main.text
    path = f"{INDEX}/{newest_id(db)}"
    answer = hr.post_form(path, {}, action=f"{path}/compared")
    assert "Noted: compared with Ofsted’s site today." in hr.follow(answer).page.main.text
    assert "To do" not in hr.get(INDEX).page.main.text
    (event,) = events(db, "inspections.compared")
    assert event.facts["checked_on"][0] == "2025-01-01"


def test_without_any_inspection_the_list_says_so(hr: JudgingClient, db: Database) -> None:
    with db.transaction() as session:
        forget_inspections(session)
    assert "The landing page says nothing of Ofsted" in hr.get(INDEX).page.main.text
    assert hr.get(f"{INDEX}/new").status_code == 200


@pytest.mark.parametrize("role", ["hiring_manager", "fostering", "admin"])
def test_only_hr_sees_drafts(sign_in, db: Database, draft_id: int, role: str) -> None:
    somebody = sign_in(role)
    for path in (
        INDEX,
        draft_path(draft_id),
        draft_path(draft_id, "preview"),
        draft_path(draft_id, "publish"),
    ):
        assert somebody.get(path).status_code == 403
    assert "Inspections" not in somebody.get("/staff/").page.main.text


def test_published_in_the_same_moment_it_is_public_once(db: Database, draft_id: int) -> None:
    with db.reading() as session:
        draft = draft_of(session, draft_id)
        assert draft is not None
        seen = outlook_for(session, draft, TODAY).token
    start = Barrier(2)

    def publish() -> str:
        start.wait()
        try:
            with db.transaction() as session:
                facts = {"seen": seen, "by": Actor.system("test"), "at": clock.now(), "today": TODAY}
                service.publish(session, draft_id, **facts)
        except (NotFound, StaleEdit) as refusal:
            return type(refusal).__name__
        return "published"

    with ThreadPoolExecutor(2) as both:
        ended = [both.submit(publish) for _person in range(2)]
        outcomes = sorted(one.result(timeout=20) for one in ended)
    assert outcomes[1] == "published"
    assert outcomes[0] in ("NotFound", "StaleEdit")
    assert len(events(db, "inspections.published")) == 1
