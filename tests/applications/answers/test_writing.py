"""What is written to candidates when their application moves, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.answers.service import drop_message, write_message
from portal.applications.answers.wording import SENTENCES, TOLD
from portal.applications.models import Application, ApplicationHistory, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind, MessageState
from portal.applications.reasons import REASONS, Reason
from portal.core.access import Actor
from portal.core.database import Database
from portal.core.errors import InvalidTransition
from portal.core.mail import OutgoingMail
from portal.vacancies.options import DbsLevel, Registration
from tests.support.applications import make_application
from tests.support.builders import AT, make_vacancy

BY = Actor.system("tests")
ADVERT = {
    "criteria": [
        {"wording": "Direct work with children", "importance": "essential"},
        {"wording": "A second language", "importance": "desirable"},
        {"wording": "Work in court", "importance": "essential"},
    ]
}


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """Answers are drawn with the application’s templates."""
    with app.app_context():
        yield


def moved(session: Session, status: Status, reasons: list[str], **changes: Any) -> CandidateMessage | None:
    """What is written when an application comes to this status."""
    given = changes.pop("given_names", "Amina")
    facts = {"interview_at": AT + timedelta(days=7), "starts_on": date(2027, 1, 4), "advert": ADVERT}
    vacancy = make_vacancy(session, title="Team manager", **changes)
    row = make_application(session, vacancy, status=status, given_names=given, **facts)
    history = ApplicationHistory(
        application_id=row.id,
        at=AT,
        kind=HistoryKind.STATUS,
        to_status=status,
        reasons=reasons,
        by_name="Harper Example",
    )
    session.add(history)
    session.flush()
    return write_message(session, row, history, by=BY, at=AT)


@pytest.mark.parametrize("status", list(Status))
def test_each_status_that_candidates_are_told_has_a_text_without_their_name(
    db: Database, status: Status
) -> None:
    reasons = [f"{reason}:1" if reason == "essential" else reason.value for reason in REASONS.get(status, ())]
    with db.transaction() as session:
        message = moved(session, status, reasons, given_names="Zebediah")
        row = session.scalars(select(Application)).one()
        if status not in TOLD:
            assert message is None
            return
        assert message is not None
        said = f"{message.subject}\n{message.body}"
        assert (message.state, message.tells, message.version) == (MessageState.DRAFT, status, 1)
        assert f"{row.reference} for this job: Team manager.\n" in message.body
        assert "Team manager" in message.subject
        assert not [word for word in ("Zebediah", row.family_name, row.email, row.phone) if word in said]
        assert not [word for word in ("reject", "unsuccessful", "unfortunately") if word in said.casefold()]
        assert "\n\n\n" not in message.body
        assert message.body.startswith("Dear [name]\n\nThis is about your application")
        assert session.scalars(select(OutgoingMail)).all() == []
        assert row.told_status is Status.SUBMITTED


def test_the_templates_are_exactly_those_of_the_statuses_that_are_told(app: Flask) -> None:
    names = {name for name in app.jinja_env.list_templates() if name.startswith("email/answer_")}
    news = {"email/answer_interview_changed.txt", "email/answer_interview_called_off.txt"}
    assert names == {f"email/answer_{status.value}.txt" for status in TOLD} | news


def test_reasons_are_sentences_to_the_person_with_criteria_in_the_words_of_the_advert(db: Database) -> None:
    with db.transaction() as session:
        message = moved(session, Status.NOT_SHORTLISTED, ["essential:1", "essential:3", "lower_score"])
        assert message is not None
        assert (
            "In your application we did not find enough evidence of:\n\n"
            "- Direct work with children\n- Work in court\n\n"
            "We had several strong applications, and others showed more evidence for what this job needs.\n"
        ) in message.body
        assert "A second language" not in message.body
        after = moved(session, Status.UNSUCCESSFUL_INTERVIEW, ["essential:3"])
        assert after is not None
        assert "At your interview we did not find enough evidence of:\n\n- Work in court\n" in after.body


def test_each_reason_is_said_save_the_one_that_only_a_person_can_put_into_words(db: Database) -> None:
    told = {reason for status in REASONS if status in TOLD for reason in REASONS[status]}
    declined = set(REASONS[Status.OFFER_DECLINED])
    assert told - declined == {*SENTENCES, Reason.ESSENTIAL}
    with db.transaction() as session:
        message = moved(session, Status.NOT_SHORTLISTED, ["other"])
        assert message is not None
        assert "Why" not in message.body
        bare = moved(session, Status.NOT_SHORTLISTED, ["essential"])
        assert bare is not None
        assert "everything that the advert calls essential" in bare.body


def test_an_invitation_says_when_what_to_bring_and_asks_what_would_help(db: Database) -> None:
    with db.transaction() as session:
        message = moved(session, Status.INTERVIEW_INVITED, [])
        assert message is not None
        assert message.subject == "Your interview for Team manager"
        for words in ("10am on Monday 30 November 2026", "What to bring", "right to work", "more time"):
            assert words in message.body


def test_an_offer_names_the_checks_of_its_advert_and_nothing_that_was_found(db: Database) -> None:
    with db.transaction() as session:
        message = moved(session, Status.OFFERED, [])
        assert message is not None
        assert "check: enhanced, with the children’s barred list\n" in message.body
        assert "your registration: Social Work England\n" in message.body
        plain = moved(session, Status.OFFERED, [], dbs_level=DbsLevel.NONE, registration=Registration.NONE)
        assert plain is not None
        assert "DBS" not in plain.body
        assert "registration" not in plain.body


def test_undoing_drops_what_waits_and_is_refused_once_it_was_sent(db: Database) -> None:
    with db.transaction() as session:
        message = moved(session, Status.SHORTLISTED, [])
        assert message is not None
        assert message.history_id is not None
        drop_message(session, message.history_id)
        assert message.state is MessageState.DROPPED
        sent = moved(session, Status.SHORTLISTED, [])
        assert sent is not None
        assert sent.history_id is not None
        sent.state = MessageState.SENT
        session.flush()
        with pytest.raises(InvalidTransition):
            drop_message(session, sent.history_id)
        drop_message(session, 4_711)
