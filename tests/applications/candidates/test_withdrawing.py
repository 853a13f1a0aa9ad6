"""Withdrawing: confirmed, once, undone within a day, and never ahead of what was told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind
from portal.core.audit import AuditEvent
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application
from tests.support.builders import make_vacancy
from tests.support.client import SAME_ORIGIN
from tests.support.people import SignInCandidate

HIDDEN = {"csrf_token", "typed_by", "form_end"}


@pytest.fixture
def application(db, candidate):
    with db.transaction() as session:
        return make_application(session, candidate=candidate, status=Status.SHORTLISTED)


@pytest.fixture
def path(application):
    return f"/applications/{application.reference}"


def now(db, application):
    with db.reading() as session:
        return session.get_one(Application, application.id)


def body_of(client, path, **typed):
    page = client.get(path).page
    return {f["name"]: f["value"] for f in page.main.all("input") if f.get("name") in HIDDEN} | typed


def test_a_withdrawal_is_confirmed_and_may_say_why(mine, db, application, mailbox, at):
    path = f"/applications/{application.reference}"
    assert mine.get(f"{path}/withdraw").status_code == 200
    assert now(db, application).status is Status.SHORTLISTED, "looking changes nothing"
    answer = mine.post_form(f"{path}/withdraw", {"reason": "pay"})
    assert answer.location == path
    found = now(db, application)
    assert (found.status, found.told_status) == (Status.WITHDRAWN, Status.WITHDRAWN)
    assert (found.withdrawn_at, found.withdrawn_from) == (at, Status.SHORTLISTED)
    assert found.withdrawal_reason == "pay"
    page = mine.follow(answer).page
    assert "Until 10am on Tuesday 24 November 2026 you can change your mind" in page.main.text
    (mail,) = mailbox.to(found.email)
    assert "you can undo it until 10am on Tuesday 24 November 2026" in mail.body
    with db.reading() as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "candidate.application_withdrawn")
        ).one()
    assert event.actor == f"candidate {mine.person.id}"
    assert event.actor_id is None
    assert event.facts["before"] == "shortlisted"


CAN, CANNOT = "While the vacancy is open you can apply again.", "so you cannot apply for it again."


@pytest.mark.parametrize(("days", "said"), [(1, CAN), (-1, CANNOT)], ids=["open", "closed"])
def test_whether_one_could_apply_again_is_said_beforehand(mine, db, at, days, said):
    with db.transaction() as session:
        vacancy = make_vacancy(
            session, publish_at=at - timedelta(days=30), closes_at=at + timedelta(days=days)
        )
        application = make_application(session, candidate=mine.person, vacancy=vacancy)
    page = mine.get(f"/applications/{application.reference}/withdraw").page
    assert said in page.main.text


def test_no_reason_is_needed(mine, db, application, path):
    assert mine.post_form(f"{path}/withdraw").status_code == 303
    assert now(db, application).withdrawal_reason is None


def test_pressed_twice_it_happens_once(mine, db, application, path, mailbox):
    body = body_of(mine, f"{path}/withdraw")
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda _n: mine.post(f"{path}/withdraw", data=body, headers=SAME_ORIGIN).status_code, range(4)
            )
        )
    assert answers == [303] * 4
    with db.reading() as session:
        kinds = session.scalars(
            select(ApplicationHistory.kind).where(ApplicationHistory.application_id == application.id)
        ).all()
    assert kinds.count(HistoryKind.WITHDRAWN) == 1
    assert len(mailbox) == 1


@pytest.mark.parametrize("seconds", [0, 24 * 3600 - 1])
def test_within_a_day_everything_is_as_it_was(mine, db, application, clock, seconds):
    path = f"/applications/{application.reference}"
    before = now(db, application)
    mine.post_form(f"{path}/withdraw", {"reason": "other"})
    clock.shift(timedelta(seconds=seconds))
    # The session may have ended meanwhile, so the button is pressed by somebody who has signed in again.
    again = fresh(mine)
    assert again.post_form(path, {}, action=f"{path}/withdraw/undo").location == path
    after = now(db, application)
    for name in ("status", "status_since", "told_status", "decided_at", "withdrawn_at", "withdrawal_reason"):
        assert getattr(after, name) == getattr(before, name), name
    assert after.withdrawn_from is None


def test_a_second_too_late_is_too_late(mine, db, application, path, clock):
    mine.post_form(f"{path}/withdraw")
    clock.shift(timedelta(hours=24) - timedelta(seconds=1))
    again = fresh(mine)
    body = body_of(again, path)
    clock.shift(timedelta(seconds=1))
    answer = again.post(f"{path}/withdraw/undo", data=body, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert answer.page.h1 == "This can no longer be undone"
    assert now(db, application).status is Status.WITHDRAWN
    assert_no_undo(again, path, says="A withdrawal can be undone for 24 hours")


def test_a_day_is_a_day_in_the_night_when_the_clocks_change(mine, path, clock, at):
    clock.move_to(at.replace(month=10, day=24, hour=12))
    again = fresh(mine)
    again.post_form(f"{path}/withdraw")
    page = again.get(path).page
    assert "Until midday on Sunday 25 October 2026" in page.main.text, (
        "24 hours later, an hour less on the clock"
    )


def fresh(client):
    """The same person, signed in at this moment."""
    app = client.application
    return SignInCandidate(app, app.extensions["portal.database"])(candidate=client.person)


def test_undoing_twice_changes_nothing_more(mine, db, application, path):
    mine.post_form(f"{path}/withdraw")
    body = body_of(mine, path)
    for _time in range(2):
        assert mine.post(f"{path}/withdraw/undo", data=body, headers=SAME_ORIGIN).status_code == 303
    with db.reading() as session:
        kinds = session.scalars(
            select(ApplicationHistory.kind).where(ApplicationHistory.application_id == application.id)
        ).all()
    assert kinds.count(HistoryKind.WITHDRAWAL_UNDONE) == 1


def test_whoever_applied_again_cannot_have_both(mine, db, candidate, application, path):
    mine.post_form(f"{path}/withdraw")
    body = body_of(mine, path)
    with db.transaction() as session:
        make_application(session, candidate=candidate, vacancy_id=application.vacancy_id)
    assert_no_undo(mine, path, says="another application for this vacancy")
    answer = mine.post(f"{path}/withdraw/undo", data=body, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert "another application for this vacancy" in answer.page.main.text


def assert_no_undo(client, path, *, says):
    """The page offers nothing that would be refused, and says why."""
    answer = client.get(path)
    assert f"{path}/withdraw/undo" not in answer.text
    assert says in answer.page.main.text


@pytest.mark.parametrize("why", ["archived", "fell away"])
def test_nothing_is_undone_into_a_vacancy_that_is_over(mine, db, application, at, *, why):
    path = f"/applications/{application.reference}"
    mine.post_form(f"{path}/withdraw")
    body = body_of(mine, path)
    with db.transaction() as session:
        vacancy = session.get_one(Vacancy, application.vacancy_id)
        if why == "archived":
            vacancy.archived_at = at
        else:
            make_application(session, vacancy, status=Status.POST_ENDED)
    assert_no_undo(mine, path, says="We do not decide on applications for this vacancy any more")
    answer = mine.post(f"{path}/withdraw/undo", data=body, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.page.h1) == (409, "This can no longer be undone")
    assert "We do not decide on applications for this vacancy any more" in answer.page.main.text
    assert "ring us on" in answer.page.main.text
    assert now(db, application).status is Status.WITHDRAWN


@pytest.mark.parametrize("status", [Status.OFFERED, Status.NOT_SHORTLISTED])
def test_a_decision_that_was_not_told_is_not_given_away(mine, db, candidate, status):
    with db.transaction() as session:
        application = make_application(
            session, candidate=candidate, status=status, told_status=Status.INTERVIEWED
        )
    path = f"/applications/{application.reference}"
    assert f"{path}/withdraw" in mine.get(path).page.links()
    answer = mine.post_form(f"{path}/withdraw")
    assert answer.status_code == 409
    assert answer.page.h1 == "This application cannot be withdrawn here at this moment"
    assert now(db, application).status is status


@pytest.mark.parametrize("status", [Status.OFFERED, Status.STARTED, Status.NOT_SHORTLISTED])
def test_from_an_offer_on_there_is_no_button(mine, db, candidate, status):
    with db.transaction() as session:
        application = make_application(session, candidate=candidate, status=status, told_status=status)
    path = f"/applications/{application.reference}"
    assert f"{path}/withdraw" not in mine.get(path).page.links()
    assert mine.get(f"{path}/withdraw").location == path
