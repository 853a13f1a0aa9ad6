"""Moves, undoing and moves of several on their pages: refused with the reason, never half done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.applications.models import Application, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import MessageState
from portal.applications.sift import past
from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application
from tests.support.builders import AT, make_vacancy
from tests.support.client import JudgingClient
from tests.support.people import SignIn

HOME = "/staff/applications"
ADVERT = {
    "criteria": [
        {"wording": "Direct work with children", "importance": "essential", "assessed_by": []},
        {"wording": "A second language", "importance": "desirable", "assessed_by": []},
        {"wording": "A full driving licence", "importance": "essential", "assessed_by": []},
    ]
}


pytestmark = pytest.mark.usefixtures("at_rest")


def made(db: Database, *statuses: Status, **changes: Any) -> list[str]:
    """Addresses of applications to one vacancy, one for each status."""
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        return [
            f"{HOME}/{vacancy.reference}/"
            + make_application(
                session, vacancy, **{"status": status, "advert": ADVERT, "shortlisted_at": AT, **changes}
            ).reference
            for status in statuses
        ]


def row(db: Database, page: str) -> Application:
    with db.reading() as session:
        wanted = select(Application).where(Application.reference == page.rsplit("/", 1)[1])
        return session.scalars(wanted).one()


def links(answer: Any) -> list[str]:
    return [link.text for link in answer.page.first("main").all("a")]


def test_the_page_offers_what_the_table_allows(db: Database, hr: JudgingClient) -> None:
    (page,) = made(db, Status.SIFTING)
    offered = links(hr.get(page))
    assert {"Reserve", "Shortlisted", "Not shortlisted"} <= set(offered)
    assert not {"Withdrawn", "Conditional offer", "Interviewed"} & set(offered)
    (ended,) = made(db, Status.NOT_SHORTLISTED)
    assert "Nothing follows “Not shortlisted”" in hr.get(ended).text


def test_a_negative_outcome_is_recorded_with_its_criteria_and_undone(db: Database, hr: JudgingClient) -> None:
    (page,) = made(db, Status.SIFTING)
    move = f"{page}/move/not_shortlisted"
    for data, message in (
        ({}, "Select why"),
        ({"reasons": ["essential"]}, "Select which essential criteria are not met"),
        ({"reasons": ["other"]}, "Enter what the other reason is"),
    ):
        refused = hr.post_form(move, data)
        assert (refused.status_code, refused.page.errors) == (422, [message])
    assert row(db, page).status is Status.SIFTING
    answer = hr.follow(
        hr.post_form(
            move, {"reasons": ["essential", "lower_score"], "criteria": ["3"], "note": "Panel agreed"}
        )
    )
    assert "Nothing was sent to the candidate" in answer.text
    assert "Does not meet essential criteria: A full driving licence" in answer.text
    assert row(db, page).outcome_reasons == ["essential:3", "lower_score"]
    assert row(db, page).told_status is Status.SUBMITTED
    undone = hr.follow(hr.post_form(page, action=f"{page}/undo"))
    assert "as they were before it" in undone.text
    assert "“Not shortlisted” undone: Being shortlisted again" in undone.text
    assert (row(db, page).status, row(db, page).outcome_reasons) == (Status.SIFTING, [])


@pytest.mark.parametrize(
    ("day", "hour", "message"),
    [
        (("30", "11", "2026"), "", "Enter the time of the interview"),
        (("30", "11", "2026"), "25:00", "Enter the time of the interview like 2:30pm or 14:30"),
        (("20", "11", "2026"), "2pm", "The interview must be in the future"),
        (("30", "11", "2028"), "2pm", "The interview must be within a year"),
        (("31", "11", "2026"), "2pm", "The interview must be a real date"),
    ],
)
def test_an_interview_has_a_day_and_a_time_that_can_be(
    db: Database, hr: JudgingClient, day: tuple[str, str, str], hour: str, message: str
) -> None:
    (page,) = made(db, Status.SHORTLISTED)
    move = f"{page}/move/interview_invited"
    parts = dict(zip(("interview_on-day", "interview_on-month", "interview_on-year"), day, strict=True))
    refused = hr.post_form(move, {**parts, "interview_time": hour})
    assert (refused.status_code, refused.page.errors) == (422, [message])
    good = {**parts, "interview_on-day": "30", "interview_on-year": "2026", "interview_time": "2:30pm"}
    assert "2:30pm on Monday 30 November 2026" in hr.follow(hr.post_form(move, good)).text


FIRST_DAYS = {"started": (Status.CLEARED, "starts_on"), "cleared": (Status.CHECKS, "agreed_on")}
"""Where somebody stands before each move that has a first day, and its field."""


@pytest.mark.parametrize(
    ("to", "day", "said"),
    [
        ("started", "23 11 2025", "The first day must not be before the application was sent"),
        ("started", "24 11 2026", "The first day must be today or in the past"),
        ("cleared", "23 11 2025", "The first day must not be before the application was sent"),
        ("cleared", "25 11 2027", "The first day must be within a year"),
        ("cleared", "15 10 2026", "The first day must not be more than 31 days ago"),
    ],
)
def test_a_first_day_in_the_wrong_year_is_refused_beside_its_field(
    db: Database, hr: JudgingClient, to: str, day: str, said: str
) -> None:
    status, field = FIRST_DAYS[to]
    (page,) = made(db, status, submitted_at=AT - timedelta(days=60))
    typed = dict(zip((f"{field}-day", f"{field}-month", f"{field}-year"), day.split(), strict=True))
    answer = hr.post_form(f"{page}/move/{to}", typed)
    assert (answer.status_code, answer.page.errors) == (422, [said])
    assert f'id="{field}-error"' in answer.text
    assert row(db, page).status is status


def test_two_who_decide_at_once_get_both_versions_and_nothing_is_half_done(
    db: Database, hr: JudgingClient, sign_in: SignIn
) -> None:
    (page,) = made(db, Status.SIFTING)
    other = sign_in("hr")
    form = other.get(f"{page}/move/not_shortlisted").page.all("form")[-1]
    carried = {one["name"]: one.get("value") for one in form.all("input") if one.get("type") == "hidden"}
    hr.follow(hr.post_form(f"{page}/move/shortlisted", {"note": "Strong statement"}))
    typed = {**carried, "reasons": "lower_score", "note": "Weaker than three others"}
    answer = other.post(f"{page}/move/not_shortlisted", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 409
    assert "Somebody else was quicker" in answer.text
    assert "Strong statement" in answer.text
    assert hr.person.name in answer.text
    assert "Weaker than three others" in answer.text
    assert row(db, page).status is Status.SHORTLISTED
    # From “Shortlisted” the same decision is still possible, so the form is there to be sent again.
    again = {one["name"]: one.get("value") for one in answer.page.all("input") if one.get("type") == "hidden"}
    sent = other.post(
        f"{page}/move/not_shortlisted", data={**typed, **again}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert sent.status_code == 303
    assert row(db, page).status is Status.NOT_SHORTLISTED


def test_a_move_that_is_not_possible_says_why_and_what_is_and_keeps_what_was_typed(
    db: Database, hr: JudgingClient
) -> None:
    (page,) = made(db, Status.SHORTLISTED)
    form = hr.get(f"{page}/move/not_shortlisted").page.all("form")[-1]
    carried = {one["name"]: one.get("value") for one in form.all("input") if one.get("type") == "hidden"}
    moment = {"interview_on-day": "30", "interview_on-month": "11", "interview_on-year": "2026"}
    hr.follow(hr.post_form(f"{page}/move/interview_invited", {**moment, "interview_time": "9am"}))
    answer = hr.post(
        f"{page}/move/not_shortlisted",
        data={**carried, "reasons": "lower_score", "note": "Long words of mine"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 409
    assert "From there you can move it to" in answer.text
    assert "Long words of mine" in answer.text
    assert "Did not attend" not in links(answer), "the interview lies ahead"
    assert hr.get(f"{page}/move/not_shortlisted").status_code == 409
    assert hr.get(f"{page}/move/withdrawn").status_code == 409
    assert hr.get(f"{page}/move/nonsense").status_code == 404


@pytest.mark.parametrize("why", ["told", "archived"])
def test_where_nothing_can_be_undone_the_page_says_why(db: Database, hr: JudgingClient, why: str) -> None:
    (page,) = made(db, Status.SIFTING)
    assert "undone" not in hr.get(page).page.main.text, "nothing was changed yet"
    answer = hr.follow(hr.post_form(f"{page}/move/not_shortlisted", {"reasons": ["lower_score"]}))
    assert f"{page}/undo" in answer.text
    with db.transaction() as session:
        if why == "told":
            message = session.scalars(select(CandidateMessage)).one()
            message.state, message.sent_at = MessageState.SENT, clock.now()
        else:
            session.scalars(select(Vacancy)).one().archived_at = clock.now()
    says = {"told": past.ALREADY_TOLD, "archived": past.ARCHIVED}
    answer = hr.get(page)
    assert f"{page}/undo" not in answer.text
    assert f"{says[why]}." in answer.page.main.text


def test_an_undo_that_came_too_late_says_what_happened(
    db: Database, hr: JudgingClient, sign_in: SignIn
) -> None:
    (page,) = made(db, Status.SUBMITTED)
    hr.follow(hr.post_form(f"{page}/move/sifting", {}))
    other = sign_in("hr")
    form = next(f for f in other.get(page).page.all("form") if f.get("action").endswith("/undo"))
    carried = {one["name"]: one.get("value") for one in form.all("input")}
    hr.follow(hr.post_form(f"{page}/move/shortlisted", {}))
    answer = other.post(f"{page}/undo", data=carried, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 409
    assert "Nothing was undone" in answer.page.h1
    assert row(db, page).status is Status.SHORTLISTED


@pytest.mark.parametrize(
    ("to", "label"), [("interviewed", "Interviewed"), ("did_not_attend", "Did not attend")]
)
def test_what_came_of_an_interview_is_not_recorded_before_it(
    db: Database, hr: JudgingClient, to: str, label: str
) -> None:
    invited = Status.INTERVIEW_INVITED
    ahead, over = made(db, invited, invited, interview_at=AT, told_status=invited)
    with db.transaction() as session:
        wanted = select(Application).where(Application.reference == ahead.rsplit("/", 1)[1])
        session.scalars(wanted).one().interview_at = AT + timedelta(hours=1)
    shown = hr.get(ahead)
    assert label not in links(shown)
    assert "can be recorded from then on" in shown.text
    refused = hr.get(f"{ahead}/move/{to}")
    assert refused.status_code == 409
    assert "The interview is at 11am on Monday 23 November 2026" in refused.text
    answer = hr.follow(hr.post_form(many([ahead, over], to), {}))
    assert answer.page.h1 == "1 application changed, 1 not"
    assert row(db, ahead).status is Status.INTERVIEW_INVITED
    assert row(db, over).status == to


@pytest.mark.parametrize(
    ("status", "to", "why"),
    [
        (Status.INTERVIEW_INVITED, Status.DID_NOT_ATTEND, "Send the invitation first"),
        (Status.OFFERED, Status.CHECKS, "Send the offer first"),
    ],
)
def test_the_pages_say_what_has_to_be_sent_first(
    db: Database, hr: JudgingClient, status: Status, to: Status, why: str
) -> None:
    untold, told = made(db, status, status, interview_at=AT)
    with db.transaction() as session:
        wanted = select(Application).where(Application.reference == told.rsplit("/", 1)[1])
        session.scalars(wanted).one().told_status = status
    page = hr.get(untold)
    assert why in page.text
    assert "Nothing follows" not in page.text
    assert to.label not in links(page)
    assert why not in hr.get(told).text
    refused = hr.get(f"{untold}/move/{to.value}")
    assert refused.status_code == 409
    assert why in refused.text
    together = many([untold, told], to.value)
    assert why in hr.get(together).text
    answer = hr.follow(hr.post_form(together, {}))
    assert answer.page.h1 == "1 application changed, 1 not"
    assert why in answer.text
    assert (row(db, untold).status, row(db, told).status) == (status, to)


def test_a_move_says_first_that_an_answer_still_waits_unsent(
    db: Database, hr: JudgingClient, sign_in: SignIn
) -> None:
    (page,) = made(db, Status.SIFTING)
    said = "has not been told of “Shortlisted” yet. Send that first, or it is dropped."
    hr.follow(hr.post_form(f"{page}/move/shortlisted", {}))
    alone = hr.get(f"{page}/move/interview_invited")
    assert said in alone.text
    assert "Send what waits" in links(alone)
    assert said in hr.get(many([page], "not_shortlisted")).text
    outbox = page.replace(HOME, f"{HOME}/answers")
    hr.follow(hr.post_form(outbox, action=outbox))
    assert said not in hr.get(f"{page}/move/interview_invited").text


def many(pages: list[str], to: str) -> str:
    vacancy = pages[0].rsplit("/", 1)[0]
    chosen = "&".join(f"ref={page.rsplit('/', 1)[1]}" for page in pages)
    return f"{vacancy}/change?tab=new&to={to}&{chosen}"


def test_several_are_changed_together_and_the_page_says_which_were_not(
    db: Database, hr: JudgingClient
) -> None:
    pages = made(db, Status.SIFTING, Status.SUBMITTED, Status.RESERVE)
    address = many(pages, "not_shortlisted")
    shown = hr.get(address)
    assert "2 of them can become “Not shortlisted”" in shown.text
    assert "interview" not in shown.page.main.all("form")[-1].text, "what another status asks is not put"
    assert "Stays as it is." in shown.text
    refused = hr.post_form(address, {})
    assert (refused.status_code, refused.page.errors) == (422, ["Select why"])
    answer = hr.follow(hr.post_form(address, {"reasons": ["lower_score"]}))
    assert answer.page.h1 == "2 applications changed, 1 not"
    assert "It stands at “New”" in answer.text
    assert [row(db, page).status for page in pages] == [
        Status.NOT_SHORTLISTED,
        Status.SUBMITTED,
        Status.NOT_SHORTLISTED,
    ]


def test_somebody_elses_change_of_one_of_several_stops_all_of_them(
    db: Database, hr: JudgingClient, sign_in: SignIn
) -> None:
    pages = made(db, Status.SIFTING, Status.SIFTING)
    other = sign_in("hr")
    form = other.get(many(pages, "not_shortlisted")).page.all("form")[-1]
    carried = {one["name"]: one.get("value") for one in form.all("input") if one.get("type") == "hidden"}
    hr.follow(hr.post_form(f"{pages[1]}/move/shortlisted", {}))
    typed = {**carried, "reasons": "lower_score", "note": "Typed by the other"}
    answer = other.post(many(pages, "not_shortlisted"), data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 409
    assert "1 application changed while you had the page open" in answer.text
    assert "Typed by the other" in answer.text
    assert [row(db, page).status for page in pages] == [Status.SIFTING, Status.SHORTLISTED]
    with db.reading() as session:
        wanted = select(AuditEvent.facts).where(AuditEvent.event == "application.list_read")
        listed = [facts for facts in session.scalars(wanted) if facts["list"] == "change"]
    assert listed == [{"list": "change", "searched": False, "shown": 2}] * 2, "the page, and the conflict"


@pytest.mark.parametrize(
    "query", ["", "?to=sifting", "?to=nonsense&ref=APP-22222222", "?to=interview_invited"]
)
def test_a_change_of_nothing_leads_back_to_the_list(db: Database, hr: JudgingClient, query: str) -> None:
    (page,) = made(db, Status.SUBMITTED)
    vacancy = page.rsplit("/", 1)[0]
    answer = hr.follow(hr.get(f"{vacancy}/change{query}"))
    assert "Choose at least one application" in answer.page.errors[0]


def test_several_of_another_vacancy_are_not_touched(db: Database, hr: JudgingClient, sign_in: SignIn) -> None:
    (own,), (foreign,) = made(db, Status.SUBMITTED), made(db, Status.SUBMITTED)
    answer = hr.get(many([own, foreign], "sifting"))
    assert foreign.rsplit("/", 1)[1] not in answer.page.first("main").text
    form = answer.page.all("form")[-1]
    carried = {one["name"]: one.get("value") for one in form.all("input") if one.get("type") == "hidden"}
    carried["rows"] += f" {foreign.rsplit('/', 1)[1]}.1"
    sent = hr.post(many([own], "sifting"), data=carried, headers={"Sec-Fetch-Site": "same-origin"})
    assert sent.status_code == 409
    assert row(db, foreign).status is row(db, own).status is Status.SUBMITTED
    manager = sign_in("hiring_manager")
    assert manager.get(many([own], "sifting")).status_code == 404


def test_what_was_typed_about_a_move_comes_back_after_the_session_ended(
    db: Database, hr: JudgingClient
) -> None:
    (page,) = made(db, Status.SIFTING)
    form = hr.get(f"{page}/move/reserve").page.all("form")[-1]
    carried = {one["name"]: one.get("value") for one in form.all("input") if one.get("type") == "hidden"}
    with time_machine.travel(AT + timedelta(hours=13), tick=False):
        answer = hr.post(
            f"{page}/move/reserve",
            data={**carried, "note": "Keep for the second post"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
    assert answer.status_code in (303, 403)
    assert row(db, page).status is Status.SIFTING
