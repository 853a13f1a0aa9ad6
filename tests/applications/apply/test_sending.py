"""Sent exactly once, and not after the advert has closed (security decisions 1 and 2), on both databases."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from portal.applications.apply.queries import database_now
from portal.applications.apply.service import Sending, accept_application
from portal.applications.candidates.models import ApplicationDraft, Candidate, holder_of
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus
from portal.core import clock
from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.errors import StaleEdit
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.journeys.engine import Submission
from portal.journeys.models import Draft
from portal.vacancies.models import Vacancy
from tests.applications.apply.filling import base, complete_answers, complete_draft, open_vacancy
from tests.support.client import Answer, JudgingClient
from tests.support.killing import rounds
from tests.support.people import SignInCandidate

MINUTE = timedelta(minutes=1)


def count(db: Database, table: Any) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def change(db: Database, vacancy: Vacancy, **columns: Any) -> None:
    with db.transaction() as session:
        session.execute(update(Vacancy).where(Vacancy.id == vacancy.id).values(**columns))


def draft(db: Database) -> Draft:
    with db.reading() as session:
        return session.scalars(select(Draft)).one()


def send(client: JudgingClient, vacancy: Vacancy) -> Answer:
    return client.post_form(f"{base(vacancy)}/check-answers")


def check_page(client: JudgingClient, vacancy: Vacancy) -> tuple[dict[str, str], str]:
    """What the page would send, and the cookie it would go with."""
    page = client.get(f"{base(vacancy)}/check-answers")
    form = next(form for form in page.page.all("form") if form.first("input", name="answers_version"))
    body = {control["name"]: control.get("value") or "" for control in form.all("input")}
    return body, page.request.headers["Cookie"]


def test_twenty_at_once_are_one_application(
    app: Flask, db: Database, vacancy: Vacancy, candidate: JudgingClient
) -> None:
    complete_draft(db, vacancy, candidate.person)
    body, cookie = check_page(candidate, vacancy)
    answers, barrier = [], threading.Barrier(20)

    def post() -> None:
        barrier.wait()
        reply = FlaskClient(app, use_cookies=False).post(
            f"{base(vacancy)}/check-answers",
            base_url="https://portal.example.org",
            data=body,
            headers={"Sec-Fetch-Site": "same-origin", "Cookie": cookie},
        )
        answers.append((reply.status_code, reply.location))

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _location in answers} == {303}
    places = {candidate.get(location).location for _status, location in answers}
    with db.reading() as session:
        (application,) = session.scalars(select(Application))
    assert places == {f"/applications/{application.reference}/equality"}, "all to the same questions"
    assert (count(db, AuditEvent), count(db, OutgoingMail)) == (1, 2)


def test_two_devices_send_one_application(
    db: Database, vacancy: Vacancy, candidate: JudgingClient, sign_in_candidate: SignInCandidate
) -> None:
    complete_draft(db, vacancy, candidate.person)
    phone = sign_in_candidate(candidate=candidate.person)
    body, _cookie = check_page(phone, vacancy)
    assert send(candidate, vacancy).status_code == 303
    again = phone.post(f"{base(vacancy)}/check-answers", data=body, headers={"Sec-Fetch-Site": "same-origin"})
    assert phone.follow(again).location.endswith("/equality")
    assert (count(db, Application), count(db, OutgoingMail)) == (1, 2)


def test_what_stands_on_a_stale_check_page_is_not_sent(
    db: Database, vacancy: Vacancy, candidate: JudgingClient
) -> None:
    complete_draft(db, vacancy, candidate.person)
    body, _cookie = check_page(candidate, vacancy)
    candidate.post_form(f"{base(vacancy)}/details", {"town": "Winchester"})
    answer = candidate.post(
        f"{base(vacancy)}/check-answers", data=body, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 422
    assert "Winchester" in answer.text
    assert count(db, Application) == 0


def test_going_back_sends_nothing_again(db: Database, vacancy: Vacancy, candidate: JudgingClient) -> None:
    complete_draft(db, vacancy, candidate.person)
    body, _cookie = check_page(candidate, vacancy)
    send(candidate, vacancy)
    with db.transaction() as session:
        session.execute(update(Draft).values(expires_at=clock.now()))  # the marker has run out
    again = candidate.post(
        f"{base(vacancy)}/check-answers", data=body, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert candidate.follow(again).location.endswith("/confirmation")
    assert count(db, Application) == 1


def test_a_page_that_comes_after_sending_shows_what_was_typed(
    db: Database, vacancy: Vacancy, candidate: JudgingClient
) -> None:
    complete_draft(db, vacancy, candidate.person)
    page = candidate.get(f"{base(vacancy)}/details").page
    form = next(form for form in page.all("form") if form.first("input", name="given_names"))
    body = {
        control["name"]: control.get("value") or ""
        for control in form.all("input")
        if control.get("type") != "radio"
    }
    body |= {"town": "Winchester", "previous_names_any": "no", "section_completed": "yes"}
    send(candidate, vacancy)
    for left in ("marker", "nothing"):
        answer = candidate.post(
            f"{base(vacancy)}/details", data=body, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 409, left
        assert "Winchester" in answer.page.main.text
        with db.transaction() as session:
            session.execute(update(Draft).values(expires_at=clock.now()))
    assert count(db, ApplicationDraft) == 0


# Closing


@pytest.mark.parametrize(
    ("ended", "begun", "accepted"),
    [
        (5 * MINUTE, 60 * MINUTE, True),
        (14 * MINUTE, 15 * MINUTE, True),
        (16 * MINUTE, 60 * MINUTE, False),
        (5 * MINUTE, 4 * MINUTE, False),
    ],
    ids=["within the grace", "just within", "after it", "begun after closing"],
)
@pytest.mark.parametrize("how", ["closes_at", "closed_early_at"])
def test_some_minutes_after_closing_whoever_had_begun_may_send(
    db: Database, candidate: JudgingClient, vacancy: Vacancy, ended: timedelta, begun: timedelta, *,
    accepted: bool, how: str,
) -> None:  # fmt: skip
    now = clock.now()
    complete_draft(db, vacancy, candidate.person, at=now - begun)
    change(db, vacancy, **{how: now - ended})
    answer = send(candidate, vacancy)
    assert count(db, Application) == accepted
    if accepted:
        assert answer.status_code == 303
        with db.reading() as session:
            assert session.scalars(select(Application)).one().late
            mails = select(OutgoingMail).where(OutgoingMail.purpose == "application.alert")
            assert "within the time allowed" in session.scalars(mails).one().body
        return
    assert answer.status_code == 409
    assert answer.page.h1 == "Your application was not sent"
    assert draft(db).answers["steps"]["details"], "nothing is lost"
    assert count(db, OutgoingMail) == 0
    assert candidate.get(f"{base(vacancy)}/details").status_code == 200


def test_nothing_is_sent_to_an_advert_that_was_withdrawn(
    db: Database, vacancy: Vacancy, candidate: JudgingClient
) -> None:
    complete_draft(db, vacancy, candidate.person)
    change(db, vacancy, cancelled_at=clock.now())
    answer = send(candidate, vacancy)
    assert answer.status_code == 409
    assert "We withdrew this vacancy" in answer.text
    assert count(db, Application) == 0


def submission(vacancy: Vacancy, person: Candidate, key: str = "key") -> Submission:
    at = clock.now()
    return Submission(
        answers=complete_answers(vacancy, person.email),
        snapshot={"journey": "application", "version": "1", "title": "", "sections": []},
        key=key,
        final={},
        signs=(),
        version="1",
        started_at=at - timedelta(hours=1),
        at=at,
    )


def sending(vacancy: Vacancy, person: Candidate, grace: int = 0) -> Sending:
    council = load_council()
    applications = dataclasses.replace(council.applications, grace_minutes=grace)
    return Sending(
        vacancy_id=vacancy.id,
        candidate_id=person.id,
        facts={"gap_min_months": 1, "registers": ("swe",)},
        council=dataclasses.replace(council, applications=applications),
        by=Actor(candidate_id=person.id, name=f"candidate {person.id}", kind="candidate"),
    )


def test_the_clock_of_the_database_counts(app: Flask, db: Database, candidate: JudgingClient) -> None:
    with db.transaction() as session:
        vacancy = open_vacancy(session, closes_at=clock.now() - MINUTE)
    slow = dataclasses.replace(submission(vacancy, candidate.person), at=clock.now() - 2 * MINUTE)
    with app.app_context(), pytest.raises(StaleEdit), db.transaction() as session:
        accept_application(session, slow, sending(vacancy, candidate.person))
    with db.transaction() as session:
        assert abs(database_now(session) - clock.now()) < MINUTE


def test_closing_and_sending_follow_one_another(app: Flask, db: Database, candidate: JudgingClient) -> None:
    """What was accepted was accepted before the close: the database’s clock at both tells."""
    for number in range(rounds(20)):
        with db.transaction() as session:
            vacancy = open_vacancy(session)
        times: dict[str, Any] = {}
        start = threading.Barrier(2)

        def close(
            vacancy: Vacancy = vacancy, start: threading.Barrier = start, times: dict[str, Any] = times
        ) -> None:
            start.wait()
            with db.transaction() as session:
                row = session.scalars(select(Vacancy).where(Vacancy.id == vacancy.id).with_for_update()).one()
                times["closed"] = row.closed_early_at = database_now(session)

        def accept(
            vacancy: Vacancy = vacancy,
            start: threading.Barrier = start,
            times: dict[str, Any] = times,
            key: str = f"key {number}",
        ) -> None:
            prepared, who = submission(vacancy, candidate.person, key), sending(vacancy, candidate.person)
            start.wait()
            try:
                with app.app_context(), db.transaction() as session:
                    accept_application(session, prepared, who)
                    times["accepted"] = database_now(session)
            except StaleEdit:
                pass

        race(close, accept)
        if "accepted" in times:
            assert times["accepted"] <= times["closed"], number


def race(*runners: Callable[[], None]) -> None:
    threads = [threading.Thread(target=runner) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# One live application


def test_whoever_withdrew_may_apply_again(db: Database, vacancy: Vacancy, candidate: JudgingClient) -> None:
    complete_draft(db, vacancy, candidate.person)
    send(candidate, vacancy)
    with db.transaction() as session:
        session.execute(
            update(Application).values(status=ApplicationStatus.WITHDRAWN, withdrawn_at=clock.now())
        )
    assert candidate.get(f"{base(vacancy)}/").location == f"/vacancies/{vacancy.slug}/apply"
    answer = candidate.post_form(f"/applications/begin/{vacancy.reference}", {"reuse": "yes"})
    assert answer.location == f"{base(vacancy)}/"
    tasks = candidate.follow(answer)
    assert "Imported" in tasks.text
    with db.reading() as session:
        mine = session.scalars(select(ApplicationDraft)).one()
        assert mine.holder == holder_of(candidate.person.id, vacancy.id)
        assert mine.imported_from


def test_a_second_live_application_is_refused(
    app: Flask, db: Database, vacancy: Vacancy, candidate: JudgingClient
) -> None:
    complete_draft(db, vacancy, candidate.person)
    send(candidate, vacancy)
    second = submission(vacancy, candidate.person, "another key")
    with app.app_context(), pytest.raises(StaleEdit) as refused, db.transaction() as session:
        accept_application(session, second, sending(vacancy, candidate.person))
    with db.reading() as session:
        assert session.scalars(select(Application)).one().reference == refused.value.facts["reference"]


def test_another_candidates_confirmation_is_not_found(
    db: Database, vacancy: Vacancy, candidate: JudgingClient, sign_in_candidate: SignInCandidate
) -> None:
    complete_draft(db, vacancy, candidate.person)
    send(candidate, vacancy)
    with db.reading() as session:
        reference = session.scalars(select(Application.reference)).one()
    assert candidate.get(f"/applications/{reference}/confirmation").status_code == 200
    assert sign_in_candidate().get(f"/applications/{reference}/confirmation").status_code == 404
