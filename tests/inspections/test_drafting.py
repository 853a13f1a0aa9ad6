"""HR writes an inspection page by page: half-done is kept, and nothing of it is public."""

from __future__ import annotations

import pytest

from portal.core.database import Database
from portal.inspections.queries import draft_of
from portal.journeys.answers import Answers
from tests.inspections.writing import (
    FACTS,
    GRADES,
    INDEX,
    QUOTATION,
    WORDS,
    correcting,
    draft_path,
    key_of_words,
    newest_id,
    whole,
)
from tests.support.client import SAME_ORIGIN, JudgingClient
from tests.support.inspections import make_draft


@pytest.fixture
def draft_id(db: Database) -> int:
    """A draft in which nothing is written yet."""
    with db.transaction() as session:
        return make_draft(session).id


def stored(db: Database, draft_id: int) -> Answers:
    with db.reading() as session:
        draft = draft_of(session, draft_id)
        assert draft is not None
        return Answers.from_json(draft.answers)


def test_an_inspection_is_written_page_by_page(
    hr: JudgingClient, client: JudgingClient, db: Database
) -> None:
    before = client.get("/").text
    answer = hr.post_form(f"{INDEX}/new", FACTS)
    draft_id = int(answer.location.rpartition("/")[2])
    assert hr.post_form(draft_path(draft_id, "words"), WORDS).status_code == 303
    assert hr.post_form(draft_path(draft_id, "judgements"), GRADES).status_code == 303
    assert hr.post_form(draft_path(draft_id, "quotations", "add"), QUOTATION).status_code == 303
    page = hr.get(draft_path(draft_id)).page
    assert page.h1 == "Draft: Standard inspection, 7 to 18 September 2026"
    assert "Before it can be published" not in page.main.text
    assert "“learning every week”" in page.main.text
    assert "Standard inspection, 7 to 18 September 2026" in hr.get(INDEX).page.main.text
    assert client.get("/").text == before


def test_a_new_draft_begins_with_what_is_known_of_the_council(hr: JudgingClient) -> None:
    page = hr.get(f"{INDEX}/new").page
    values = {field["name"]: field.get("value") for field in page.all("input") if field.get("name")}
    assert (values["urn"], values["ons_code"], values["framework"]) == ("80558", "E06000045", "ILACS")


def test_half_a_page_is_kept_where_that_is_asked_for(hr: JudgingClient, draft_id: int) -> None:
    path = draft_path(draft_id, "facts")
    typed = {"lead_inspector": "Alex", "urn": "9" * 30, "starts_on-day": "31", "starts_on-month": "2"}
    refused = hr.post_form(path, typed)
    assert refused.status_code == 422
    assert "Ofsted URN must be 4 to 7 digits, like 80558" in refused.page.errors
    assert "First day must include a year" in refused.page.errors
    assert hr.post_form(path, {**typed, "later": "1"}).status_code == 303
    values = {field.get("name"): field.get("value") for field in hr.get(path).page.all("input")}
    assert (values["lead_inspector"], values["urn"], values["starts_on-day"]) == ("Alex", "9" * 30, "31")
    reasons = hr.get(draft_path(draft_id)).page.main.text
    assert "Ofsted URN must be 4 to 7 digits, like 80558" in reasons
    assert "Select what kind of inspection it was" in reasons
    assert hr.get(draft_path(draft_id, "publish")).page.h1 == "This cannot be published yet"
    preview = hr.follow(hr.get(draft_path(draft_id, "preview")))
    assert "A preview needs the kind of inspection and its dates" in preview.page.main.text


def test_two_people_on_one_page_see_both_versions(hr: JudgingClient, db: Database, draft_id: int) -> None:
    path = draft_path(draft_id, "words")
    fields = {field["name"]: field.get("value", "") for field in hr.get(path).page.all("input")}
    assert hr.post_form(path, WORDS).status_code == 303
    late = hr.post(path, data={**fields, **WORDS, "headline": "Mine"}, headers=SAME_ORIGIN)
    assert late.status_code == 409
    assert "Somebody else saved this page" in late.page.main.text
    assert "Saved now: Still good for children" in late.page.main.text
    assert "You typed: Mine" in late.page.main.text
    fields = {field["name"]: field.get("value", "") for field in late.page.all("input")}
    assert fields["headline"] == "Mine"
    assert stored(db, draft_id).get("headline") == "Still good for children"
    again = hr.post(path, data={**WORDS, **fields}, headers=SAME_ORIGIN)
    assert again.status_code == 303
    assert stored(db, draft_id).get("headline") == "Mine"


def test_two_people_on_two_pages_do_not_meet(hr: JudgingClient, db: Database, draft_id: int) -> None:
    path = draft_path(draft_id, "words")
    fields = {field["name"]: field.get("value", "") for field in hr.get(path).page.all("input")}
    assert (
        hr.post_form(
            draft_path(draft_id, "judgements"), {**GRADES, "overall_label": "All", "leaders_label": "They"}
        ).status_code
        == 303
    )
    assert hr.post(path, data={**fields, **WORDS}, headers=SAME_ORIGIN).status_code == 303
    assert stored(db, draft_id).get("overall_label") == "All"


def test_a_quotation_sent_twice_is_one(hr: JudgingClient, db: Database, draft_id: int) -> None:
    path = draft_path(draft_id, "quotations", "add")
    fields = {field["name"]: field.get("value", "") for field in hr.get(path).page.all("input")}
    for _time in range(2):
        answer = hr.post(path, data={**fields, "attributed_to": "", **QUOTATION}, headers=SAME_ORIGIN)
        assert answer.status_code == 303
    assert len(stored(db, draft_id).items["quotations"]) == 1


def test_quotations_are_put_in_order_and_taken_out(hr: JudgingClient, db: Database) -> None:
    draft_id = correcting(hr, db)
    key, other = key_of_words(db, "almost fully"), key_of_words(db, "impressive")
    hr.post_form(draft_path(draft_id, "quotations", key), {"place": "1"})
    hr.post_form(draft_path(draft_id, "quotations", other, "remove"), {})
    keys = [item.id for item in stored(db, draft_id).items["quotations"]]
    assert keys[0] == key
    assert other not in keys
    assert len(keys) == 13
    with db.reading() as session:
        from_record = newest_id(db)
        assert session.get_one(type(draft_of(session, draft_id)), draft_id).inspection_id == from_record


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            {"by_inspectors": "no", "attributed_to": "Ofsted"},
            "Name and role must be of one of our own people",
        ),
        ({"by_inspectors": "no", "attributed_to": ""}, "Enter the name and role of whoever said it"),
        ({"words": "“good"}, "Close the quotation mark at the beginning, or take it out"),
        ({"words": "“ ”"}, "Enter the words"),
        ({"topic": "NO_SUCH"}, "Select a topic"),
        ({"place": "9" * 19}, "Place in the list must be 40 or less"),
    ],
)
def test_whose_words_they_are_is_told_apart(
    hr: JudgingClient, draft_id: int, typed: dict[str, str], message: str
) -> None:
    answer = hr.post_form(draft_path(draft_id, "quotations", "add"), {**QUOTATION, **typed})
    assert answer.status_code == 422
    assert message in " ".join(answer.page.errors)


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("“good”", "good"),
        ('"learning every week".', "learning every week"),
        ("‘the council’s leaders’", "the council’s leaders"),
        (" « bon » ", "bon"),
        ("“Strong” leaders and “good” work", "“Strong” leaders and “good” work"),
        ("children’s voices", "children’s voices"),
    ],
)
def test_marks_around_words_are_taken_off_and_those_inside_stay(
    hr: JudgingClient, db: Database, draft_id: int, pasted: str, words: str
) -> None:
    answer = hr.post_form(draft_path(draft_id, "quotations", "add"), {**QUOTATION, "words": pasted})
    assert answer.status_code == 303, answer.page.errors
    assert stored(db, draft_id).items["quotations"][-1].answers["words"] == words


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"ends_on-year": "2025"}, "Last day must be the same as or after the first day"),
        ({"starts_on-year": "2025"}, "Last day must be within 60 days of the first day: check the years"),
        ({"published_on-year": "2027"}, "Day of publication must be today or in the past"),
        ({"published_on-month": "8"}, "Day of publication must be the same as or after the last day"),
        ({"ends_on-day": "31"}, "Last day must be a real date"),
        ({"urn": "²²²²²"}, "Ofsted URN must be 4 to 7 digits"),
        ({"urn": str(2**63)}, "Ofsted URN must be 4 to 7 digits"),
        ({"ons_code": "E0600004"}, "ONS code must be a letter and 8 digits"),
        ({"report_url": "http://files.ofsted.gov.uk/x"}, "must be a web address that starts with https://"),
        ({"report_url": "javascript:alert(1)"}, "must be a web address that starts with https://"),
        ({"report_url": "https://a@evil.example/x"}, "must be a web address that starts with https://"),
        ({"report_url": "https://x.example:port/"}, "must be a web address that starts with https://"),
        ({"type": "HOLIDAY"}, "Select what kind of inspection it was"),
        ({"framework": "x" * 41}, "Framework must be 40 characters or less"),
    ],
)
def test_facts_that_cannot_be_are_refused(
    hr: JudgingClient, draft_id: int, typed: dict[str, str], message: str
) -> None:
    answer = hr.post_form(draft_path(draft_id, "facts"), {**FACTS, **typed})
    assert answer.status_code == 422
    assert message in " ".join(answer.page.errors)


def test_script_and_nul_are_text_on_every_page(hr: JudgingClient, db: Database) -> None:
    with db.transaction() as session:
        draft_id = make_draft(session, answers=whole()).id
    script = "<script>alert(1)</script>\x00"
    hr.type("alert")
    pages = {
        "facts": {"framework": script, "provider": script, "people_heard": script, "duration_note": script},
        "words": {"headline": script, "summary": script, "to_improve": script},
        "judgements": {"overall_label": script},
        "quotations/a-new-quotation-1": {"words": script, "about": script},
    }
    for path, typed in pages.items():
        assert hr.post_form(draft_path(draft_id, path), typed).status_code == 303
    for path in ("", "preview", "publish"):
        answer = hr.get(draft_path(draft_id, path).rstrip("/"))
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
    shown = hr.get(draft_path(draft_id, "preview")).page
    assert shown.h1 == "<script>alert(1)</script>"


def test_ten_thousand_judgements_change_nothing(hr: JudgingClient, db: Database, draft_id: int) -> None:
    path = draft_path(draft_id, "judgements")
    fields = {field["name"]: field.get("value", "") for field in hr.get(path).page.all("input")}
    many = {f"area{number}_grade": "GOOD" for number in range(10_000)}
    answer = hr.post(path, data={**fields, **many, "overall_grade": "GOOD"}, headers=SAME_ORIGIN)
    assert answer.status_code in (303, 400, 413, 422)
    assert set(stored(db, draft_id).steps.get("judgements", {})) <= {
        f"{area}_{what}"
        for area in ("leaders", "help_protection", "in_care", "care_leavers", "overall")
        for what in ("grade", "label")
    }


@pytest.mark.parametrize(
    "path", ["no-such-page", "quotations/quotation-99999999", "quotations/aaaaaaaaaaaaaaaaaaaa"]
)
def test_unknown_pages_are_not_there(hr: JudgingClient, draft_id: int, path: str) -> None:
    assert hr.get(draft_path(draft_id, path)).status_code == 404
    assert hr.get(draft_path(2**63 - 1)).status_code == 404


def test_no_more_quotations_than_there_is_room_for(hr: JudgingClient, db: Database) -> None:
    answers = whole()
    answers["items"]["quotations"] = [
        {"id": f"a-new-quotation-{number:04d}", "answers": QUOTATION} for number in range(40)
    ]
    with db.transaction() as session:
        draft_id = make_draft(session, answers=answers).id
    assert hr.get(draft_path(draft_id, "quotations", "add")).status_code == 303
    assert "There is room for no more" in hr.get(draft_path(draft_id)).page.main.text


def test_a_draft_is_deleted_only_as_it_was_seen(hr: JudgingClient, db: Database, draft_id: int) -> None:
    path = draft_path(draft_id, "delete")
    fields = {field["name"]: field.get("value", "") for field in hr.get(path).page.all("input")}
    hr.post_form(draft_path(draft_id, "words"), WORDS)
    late = hr.post(path, data=fields, headers=SAME_ORIGIN)
    assert late.status_code == 409
    assert "It was not deleted" in late.page.main.text
    answer = hr.post_form(path, {})
    assert "The draft is deleted" in hr.follow(answer).page.main.text
    assert hr.get(path).status_code == 404
    gone = hr.post(path, data=fields, headers=SAME_ORIGIN)
    assert gone.status_code == 409
    assert gone.page.h1 == "This draft is not there any more"


def test_what_was_typed_into_a_draft_that_is_gone_can_be_copied(
    hr: JudgingClient, db: Database, draft_id: int
) -> None:
    path = draft_path(draft_id, "words")
    fields = {field["name"]: field.get("value", "") for field in hr.get(path).page.all("input")}
    hr.post_form(draft_path(draft_id, "delete"), {})
    answer = hr.post(path, data={**fields, **WORDS}, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert "Good overall, as before." in answer.page.main.text
