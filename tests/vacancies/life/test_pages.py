"""The staff pages of adverts: lists, one advert, each deed, and what they say when it is not possible."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from portal.vacancies.life.lists.filters import Only
from portal.vacancies.life.transitions import ALLOWED, Action, why_not
from portal.vacancies.options import Status
from portal.vacancies.writing.models import VacancyDraft
from tests.support.builders import AT, make_staff, make_team
from tests.support.client import SAME_ORIGIN
from tests.vacancies.life.adverts import DAY, actor_of, look, make_in_state, sent_by

LIST = "/staff/vacancies"
PATHS = {
    Action.APPROVE: "approve",
    Action.SEND_BACK: "send-back",
    Action.EXTEND: "extend",
    Action.CLOSE_EARLY: "close",
    Action.CANCEL: "cancel",
    Action.RECORD_OUTCOME: "outcome",
    Action.ARCHIVE: "archive",
}
DEEDS = {
    Action.APPROVE: (Status.PENDING_APPROVAL, {}, Status.SCHEDULED),
    Action.SEND_BACK: (Status.PENDING_APPROVAL, {"comment": "Say the caseload"}, Status.DRAFT),
    Action.EXTEND: (
        Status.OPEN,
        {
            "closes_on-day": "15",
            "closes_on-month": "12",
            "closes_on-year": "2026",
            "reason": "no_applications",
        },
        Status.OPEN,
    ),
    Action.CLOSE_EARLY: (Status.OPEN, {"comment": "Sixty people applied"}, Status.CLOSED),
    Action.CANCEL: (Status.OPEN, {"comment": "The team is merged"}, Status.CANCELLED),
    Action.RECORD_OUTCOME: (
        Status.CLOSED,
        {"outcome": "part_filled", "posts_filled": "1"},
        Status.PART_FILLED,
    ),
    Action.ARCHIVE: (Status.FILLED, {"confirmed": "yes"}, Status.ARCHIVED),
}


@pytest.fixture
def writer(db):
    with db.transaction() as session:
        return make_staff(session, role="hr", name="Wilma Example")


@pytest.fixture
def advert(db, writer):
    def make(status, **changes):
        with db.transaction() as session:
            vacancy = make_in_state(session, status, **changes)
            sent_by(session, vacancy, actor_of(writer))
            return vacancy.reference

    return make


def standing(db, reference, at=AT):
    with db.reading() as session:
        return look(session, reference).status(at)


@pytest.mark.parametrize("action", DEEDS)
def test_a_deed_is_done_and_said(officer, db, advert, action):
    status, typed, after = DEEDS[action]
    reference = advert(status)
    done = officer.post_form(f"{LIST}/{reference}/{PATHS[action]}", typed)
    page = officer.follow(done)
    assert page.page.first("h2").text == "Success"
    assert standing(db, reference) is after
    assert after.label in page.page.main.text


@pytest.mark.parametrize("action", DEEDS)
def test_a_deed_that_is_not_possible_says_why_and_what_is(officer, db, advert, action):
    status = next(one for one in Status if one not in ALLOWED[action])
    reference = advert(status)
    shown = officer.get(f"{LIST}/{reference}/{PATHS[action]}")
    assert shown.status_code == 200
    assert shown.page.h1.startswith("Not possible now: ")
    assert why_not(action, status) in shown.page.main.text
    assert not shown.page.main.all("form")
    sent = post(officer, reference, action)
    assert sent.status_code == 409
    assert sent.page.h1 == shown.page.h1
    assert standing(db, reference) is status


def post(client, reference, action, **changes):
    """Send the deed’s form without having seen its page."""
    token = client.get(f"{LIST}/{reference}").page.first("input", name="csrf_token")
    typed = {**DEEDS[action][1], "closing_time": "23:59", "version": "1", "seen": "1.1", **changes}
    body = {"csrf_token": token["value"], "form_end": "1", **typed}
    return client.post(f"{LIST}/{reference}/{PATHS[action]}", data=body, headers=SAME_ORIGIN)


def test_what_a_colleague_did_meanwhile_is_shown_with_what_was_about_to_be_done(officer, db, advert, sign_in):
    reference = advert(Status.PENDING_APPROVAL)
    path = f"{LIST}/{reference}/send-back"
    page = officer.get(path)
    hidden = {one["name"]: one["value"] for one in page.page.main.all("input") if one["type"] == "hidden"}
    colleague = sign_in("hr", name="Cora Example")
    with db.transaction() as session:
        vacancy = look(session, reference)
        vacancy.salary_max = 47_000
        sent_by(session, vacancy, actor_of(colleague.person), AT)
    answer = officer.post(path, data={**hidden, "comment": "My own words"}, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    words = answer.page.main.text
    assert "Somebody else was quicker" in words
    assert "Cora Example" in words
    assert "£45,000" in words
    assert "£47,000" in words
    assert answer.page.first("textarea", name="comment").source.strip() == "My own words"
    again = {one["name"]: one["value"] for one in answer.page.main.all("input") if one["type"] == "hidden"}
    assert again["version"] != hidden["version"]
    done = officer.post(path, data={**again, "comment": "My own words"}, headers=SAME_ORIGIN)
    assert done.status_code == 303


def test_who_came_second_to_a_decision_is_told_and_keeps_the_words(officer, db, advert, sign_in):
    reference = advert(Status.PENDING_APPROVAL)
    path = f"{LIST}/{reference}/send-back"
    page = officer.get(path)
    hidden = {one["name"]: one["value"] for one in page.page.main.all("input") if one["type"] == "hidden"}
    colleague = sign_in("hr", name="Cora Example")
    assert colleague.post_form(f"{LIST}/{reference}/approve", {}).status_code == 303
    answer = officer.post(path, data={**hidden, "comment": "Shorter, I think"}, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert "Approved" in answer.page.main.text
    assert "Cora Example" in answer.page.main.text
    assert "Shorter, I think" in answer.page.main.text
    assert "Cancel the recruitment" in answer.page.main.text
    assert standing(db, reference) is Status.SCHEDULED


def test_the_writer_does_not_get_the_button(sign_in, advert, writer):
    with time_machine.travel(AT, tick=False):
        client = sign_in(person=writer)
        reference = advert(Status.PENDING_APPROVAL)
        page = client.get(f"{LIST}/{reference}").page
        assert "You sent this advert for approval" in page.main.text
        assert not [link for link in page.main.all("a") if link["href"].endswith("/approve")]
        refused = client.get(f"{LIST}/{reference}/approve").page
        assert refused.h1.startswith("Not possible now")
        assert "somebody else must approve it" in refused.main.text
        assert post(client, reference, Action.APPROVE).status_code == 403


def test_a_hiring_manager_sees_all_and_decides_about_their_own(db, sign_in, advert):
    with db.transaction() as session:
        person = make_staff(session, role="hiring_manager")
    own, other = advert(Status.PENDING_APPROVAL, hiring_manager_id=person.id), advert(Status.PENDING_APPROVAL)
    with time_machine.travel(AT, tick=False):
        client = sign_in(person=person)
        assert post(client, other, Action.APPROVE).status_code == 403
        assert client.get(f"{LIST}/{own}/cancel").status_code == 403
        mine = client.get(f"{LIST}?only=mine").page
        assert [own] == references(mine)
        assert client.post_form(f"{LIST}/{own}/approve", {}).status_code == 303


def references(page):
    return [row.first("span", class_="nowrap").text for row in page.main.all("tr")[1:]]


def test_refusals_are_listed_and_stand_in_the_way(officer, db, advert):
    reference = advert(Status.PENDING_APPROVAL, postcode=None, hiring_manager_name=None)
    page = officer.get(f"{LIST}/{reference}").page
    assert "Enter the postcode of the place of work" in page.main.text
    assert "Name the hiring manager" in page.main.text
    answer = post(officer, reference, Action.APPROVE)
    assert answer.status_code == 409
    assert "Enter the postcode of the place of work" in answer.page.main.text
    assert standing(db, reference) is Status.PENDING_APPROVAL


def test_warnings_are_shown_and_do_not(officer, advert, db):
    reference = advert(Status.PENDING_APPROVAL, title="Social work ninja")
    assert "“ninja”" in officer.get(f"{LIST}/{reference}/approve").page.main.text
    assert officer.post_form(f"{LIST}/{reference}/approve", {}).status_code == 303


BAD = [
    (Action.EXTEND, Status.OPEN, {"closes_on-year": "1999"}, "must be in the future"),
    (Action.EXTEND, Status.OPEN, {"closes_on-day": "1"}, "must be later than 11:59pm on Sunday 13 December"),
    (Action.EXTEND, Status.OPEN, {"closes_on-day": str(2**63)}, "must be a real date"),
    (Action.EXTEND, Status.OPEN, {"closing_time": "25:61"}, "Select the new closing time"),
    (Action.EXTEND, Status.OPEN, {"reason": "because"}, "Select why it is extended"),
    (Action.EXTEND, Status.OPEN, {"reason": "other"}, "Enter what the reason is"),
    (Action.EXTEND, Status.OPEN, {"closes_on-day": "20"}, "nterview dates would come before"),
    (Action.SEND_BACK, Status.PENDING_APPROVAL, {"comment": " "}, "Enter what should be changed"),
    (Action.CANCEL, Status.OPEN, {"comment": "x" * 1001}, "must be 1,000 characters or less"),
    (Action.CLOSE_EARLY, Status.OPEN, {"comment": ""}, "Enter why it closes early"),
    (Action.RECORD_OUTCOME, Status.CLOSED, {"outcome": "lost"}, "Select how it ended"),
    (Action.RECORD_OUTCOME, Status.CLOSED, {"posts_filled": str(2**63)}, "must be 50 or less"),
    (Action.RECORD_OUTCOME, Status.CLOSED, {"posts_filled": "2"}, "must be 1"),
    (Action.ARCHIVE, Status.FILLED, {"confirmed": ""}, "Confirm that everyone who applied"),
]


@pytest.mark.parametrize("case", BAD, ids=str)
def test_what_cannot_be_comes_back_on_the_form(officer, db, advert, case):
    action, status, typed, message = case
    reference = advert(status)
    decided = {"decision_promised_on-day": "24", "decision_promised_on-month": "12"}
    extra = {**decided, "decision_promised_on-year": "2026"} if action is Action.EXTEND else {}
    answer = post(officer, reference, action, **extra, **typed)
    assert answer.status_code == 422
    assert any(message in error for error in answer.page.errors), answer.page.errors
    assert standing(db, reference) is status


def test_all_that_stands_against_an_extension_is_said_at_once(officer, db, advert):
    reference = advert(Status.OPEN)
    typed = {"closes_on-day": "20", "decision_promised_on-day": "19"}
    month = {"decision_promised_on-month": "12", "decision_promised_on-year": "2026"}
    answer = post(officer, reference, Action.EXTEND, **typed, **month)
    assert answer.status_code == 422
    first, second = answer.page.errors
    assert first == "Everyone hears by must be after 20 December 2026"
    assert second.startswith("Interview dates would come before")


def test_a_wrong_time_and_a_missing_reason_are_said_together_each_at_its_field(officer, advert):
    answer = post(
        officer, advert(Status.OPEN), Action.EXTEND, **{"closes_on-year": "1999", "reason": "other"}
    )
    assert answer.page.errors == ["The new closing time must be in the future", "Enter what the reason is"]
    links = [link["href"] for link in answer.page.first(class_="govuk-error-summary").all("a")]
    assert [link.lstrip("#") for link in links] == ["closes_on-day", "other"]


def test_script_in_a_comment_is_shown_as_words(officer, advert):
    script = "<script>alert(1)</script> & {{ 7 * 7 }}"
    reference = advert(Status.PENDING_APPROVAL)
    officer.post_form(f"{LIST}/{reference}/send-back", {"comment": script})
    for path in (f"{LIST}/{reference}", f"{LIST}/{reference}/history"):
        page = officer.get(path)
        assert "<script>alert" not in page.text
        assert script in page.page.main.text


@pytest.mark.parametrize("version", ["", "0", "-1", "²", str(2**63), "1; drop table", "x" * 5000])
def test_a_version_that_is_none_is_only_stale(officer, db, advert, version):
    reference = advert(Status.PENDING_APPROVAL)
    answer = post(officer, reference, Action.APPROVE, version=version, seen=version)
    assert answer.status_code == 409
    assert standing(db, reference) is Status.PENDING_APPROVAL


def test_an_advert_that_there_is_not_is_not_found(officer):
    assert officer.get(f"{LIST}/SCC-CS-1999-0001").status_code == 404
    assert officer.get(f"{LIST}/SCC-CS-1999-0001/history").status_code == 404
    assert officer.get(f"{LIST}/SCC-CS-1999-0001/approve").status_code == 404


def test_history_says_every_change_before_and_after(officer, db, advert, writer):
    reference = advert(Status.PENDING_APPROVAL)
    with db.transaction() as session:
        vacancy = look(session, reference)
        vacancy.salary_max, vacancy.description = 47_000, "Another text"
        sent_by(session, vacancy, actor_of(writer), AT)
    page = officer.get(f"{LIST}/{reference}/history").page
    for words in ("Highest salary", "£45,000", "£47,000", "The work", "Another text", "Written"):
        assert words in page.main.text
    items = [item.text for item in page.main.all("li")]
    assert items[0].startswith("Sent for approval")
    assert items[-1].startswith(("Sent for approval", "Written"))


def test_the_page_of_every_state_says_what_happens_next(officer, advert):
    for status in Status:
        page = officer.get(f"{LIST}/{advert(status)}").page
        assert "What happens next" in page.main.text
        assert status.label in page.main.text


def test_a_working_copy_is_pointed_out(officer, db, advert):
    reference = advert(Status.OPEN)
    with db.transaction() as session:
        add_writing(session, reference, look(session, reference).id, "Dora Example")
    assert "Dora Example is changing this advert" in officer.get(f"{LIST}/{reference}").page.main.text


def add_writing(session, reference, vacancy_id, name="Wilma Example"):
    draft = VacancyDraft(
        reference=reference,
        vacancy_id=vacancy_id,
        title="A piece of writing",
        created_at=AT,
        created_by_name=name,
        updated_at=AT,
        updated_by_name=name,
    )
    session.add(draft)
    session.flush()


def test_what_was_promised_and_is_past_is_called_overdue(officer, advert):
    reference = advert(Status.CLOSED, decision_promised_on=date(2026, 11, 20))
    assert "Overdue: everyone was to hear by" in officer.get(f"{LIST}/{reference}").page.main.text
    page = officer.get(f"{LIST}?only={Only.OVERDUE.value}").page
    assert references(page) == [reference]
    home = officer.get("/staff/").page.main.text
    assert "1 closed, promised day passed" in home


def test_teams_and_families_narrow_a_list(officer, db, advert):
    with db.transaction() as session:
        team = make_team(session, slug="test-team", name="Team of the test")
    inside = advert(Status.OPEN, team_id=team.id)
    advert(Status.OPEN)
    assert references(officer.get(f"{LIST}?state=open&team=test-team").page) == [inside]
    assert references(officer.get(f"{LIST}?state=open&family=psychology").page) == []


def test_the_closing_time_that_passes_moves_an_advert_by_itself(officer, advert, sign_in):
    reference = advert(Status.OPEN)
    assert references(officer.get(f"{LIST}?state=open").page) == [reference]
    with time_machine.travel(AT + 21 * DAY + timedelta(hours=14), tick=False):
        later = sign_in("hr")
        assert references(later.get(f"{LIST}?state=closed").page) == [reference]
