"""A candidate’s own pages: the order that helps, words that tell no more than the mail, nobody else’s."""

from datetime import timedelta

import pytest

from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import MessageState
from tests.support.applications import make_application, make_application_draft, make_candidate, make_message
from tests.support.builders import make_vacancy

SNAPSHOT = {
    "journey": "application",
    "version": "2026-11",
    "title": "Your application",
    "sections": [
        {
            "slug": "statement",
            "title": "Supporting statement",
            "groups": [
                {
                    "step": "statement",
                    "heading": "",
                    "item": None,
                    "rows": [
                        {
                            "name": "statement",
                            "question": "Why this post?",
                            "text": "Because I listen first.",
                            "answer": "Because I listen first.",
                        }
                    ],
                }
            ],
        }
    ],
}


def titles(page):
    return [heading.text for heading in page.main.all("h3")]


def test_what_closes_soon_comes_first_and_what_ended_last(mine, candidate, db, at):
    with db.transaction() as session:
        for title, days in (("Later", 20), ("Soon", 2)):
            vacancy = make_vacancy(session, title=title, closes_at=at + timedelta(days=days))
            make_application_draft(session, candidate, vacancy)
        closed = make_vacancy(
            session,
            title="Missed",
            publish_at=at - timedelta(days=30),
            closes_at=at - timedelta(days=1),
        )
        make_application_draft(session, candidate, closed)
        for title, told in (
            ("Sent", Status.SUBMITTED),
            ("Offer", Status.OFFERED),
            ("Ended", Status.NOT_SHORTLISTED),
            ("Interview", Status.INTERVIEW_INVITED),
        ):
            vacancy = make_vacancy(session, title=title)
            make_application(session, vacancy, candidate=candidate, status=told, told_status=told)
    page = mine.get("/applications").page
    found = ["Soon", "Later", "Offer", "Interview", "Sent", "Ended", "Missed"]
    assert titles(page) == found
    text = page.main.text
    assert "2 days left" in text
    assert "cannot be sent any more. We delete it on 22 December 2026." in text
    (way,) = [link for link in page.links() if link.endswith(f"/for/{closed.reference}/")]
    assert "You can still read and copy" in mine.get(way).page.main.text


def test_a_page_never_runs_ahead_of_the_mail(mine, candidate, db):
    with db.transaction() as session:
        application = make_application(
            session, candidate=candidate, status=Status.NOT_SHORTLISTED, told_status=Status.SIFTING
        )
    for path in ("/applications", f"/applications/{application.reference}"):
        text = mine.get(path).page.main.text
        assert "Being reviewed" in text
        assert "Not taken further" not in text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "You hear from us by 23 November 2026 at the latest, whatever we decide."),
        (-1, "We promised a decision by 22 November 2026 and have not kept that."),
    ],
)
def test_by_when_one_hears_is_said_and_when_it_is_late(mine, db, at, days, said):
    with db.transaction() as session:
        vacancy = make_vacancy(session, decision_promised_on=at.date() + timedelta(days=days))
        application = make_application(session, vacancy, candidate=mine.person)
    assert said in mine.get(f"/applications/{application.reference}").page.main.text
    assert said in mine.get("/applications").page.main.text


def test_what_was_sent_is_shown_as_it_was_asked(mine, candidate, db):
    with db.transaction() as session:
        application = make_application(session, candidate=candidate, snapshot=SNAPSHOT)
    text = mine.get(f"/applications/{application.reference.lower()}").page.main.text
    assert "Why this post?" in text
    assert "Because I listen first." in text
    assert application.reference in text


def test_what_we_wrote_is_shown_and_what_waits_is_not(mine, candidate, db, at):
    with db.transaction() as session:
        application = make_application(session, candidate=candidate)
        make_message(session, application, state=MessageState.SENT, sent_at=at, body="Do come.\n")
        make_message(session, application, body="Not to be read yet.\n")
        make_message(session, application, state=MessageState.HELD, body="Held back.\n")
    text = mine.get(f"/applications/{application.reference}").page.main.text
    assert "Do come." in text
    assert "Not to be read yet." not in text
    assert "Held back." not in text


def test_what_we_wrote_calls_them_by_name_as_the_mail_did(mine, candidate, db, at):
    with db.transaction() as session:
        application = make_application(session, candidate=candidate, preferred_name="Mina")
        body = "Dear [name]\n\nDo come.\n"
        make_message(session, application, state=MessageState.SENT, sent_at=at, body=body)
    text = mine.get(f"/applications/{application.reference}").page.main.text
    assert "Dear Mina" in text
    assert "[name]" not in text


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_words_for_its_candidate(mine, candidate, db, status):
    with db.transaction() as session:
        application = make_application(session, candidate=candidate, status=status, told_status=status)
    page = mine.get(f"/applications/{application.reference}").page
    text = page.main.text
    assert status.candidate_label in text
    assert "reject" not in text.lower()
    assert ("To decline the offer" in text) == (status in (Status.OFFERED, Status.CHECKS, Status.CLEARED))


def test_the_page_promises_no_place_that_the_message_may_leave_out(mine, candidate, db):
    with db.transaction() as session:
        invited = Status.INTERVIEW_INVITED
        application = make_application(session, candidate=candidate, status=invited, told_status=invited)
    said = mine.get(f"/applications/{application.reference}").page.main.text
    assert "If they do not say where, we tell you before that day." in said


@pytest.mark.parametrize("rest", ["", "/withdraw"])
def test_another_persons_application_is_an_unknown_one(mine, db, rest):
    with db.transaction() as session:
        other = make_application(session)
    theirs, unknown = (
        mine.get(f"/applications/{reference}{rest}") for reference in (other.reference, "APP-22222222")
    )
    assert theirs.status_code == unknown.status_code == 404
    assert theirs.page.main.text == unknown.page.main.text


def test_another_persons_application_cannot_be_changed(mine, candidate, db):
    with db.transaction() as session:
        own = make_application(session, candidate=candidate)
        other = make_application(session)
        vacancy = make_vacancy(session)
        make_application_draft(session, make_candidate(session), vacancy)
    page = mine.get(f"/applications/{own.reference}/withdraw").page
    body = {
        field["name"]: field["value"] for field in page.main.all("input") if field.get("type") == "hidden"
    }
    headers = {"Sec-Fetch-Site": "same-origin"}
    for path in (
        f"/applications/{other.reference}/withdraw",
        f"/applications/{other.reference}/withdraw/undo",
        f"/applications/drafts/{vacancy.reference}/delete",
    ):
        assert mine.post(path, data=body, headers=headers).status_code == 404
    with db.reading() as session:
        assert session.get_one(type(other), other.id).status is Status.SUBMITTED


def test_a_visitor_and_a_member_of_staff_are_asked_to_sign_in(client, sign_in, db, clock):
    with db.transaction() as session:
        application = make_application(session)
    for one in (client, sign_in("hr")):
        answer = one.get(f"/applications/{application.reference}")
        assert answer.status_code == 303
        assert answer.location.startswith("/applications/sign-in?next=")


def test_nothing_yet_leads_to_the_vacancies(mine):
    page = mine.get("/applications").page
    assert "You have not begun an application yet" in page.main.text
    assert "/vacancies" in page.links()
