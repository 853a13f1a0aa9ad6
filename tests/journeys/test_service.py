"""Drafts and sending, without HTTP, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.core.database import Database
from portal.core.errors import AlreadySubmitted
from portal.journeys import service
from portal.journeys.answers import Answers, Item
from portal.journeys.engine import Progress, Submission
from portal.journeys.models import Draft
from portal.journeys.service import AnswersChanged, NotReady, Place
from tests.journeys.example import LINEAR, TASKS, SendForm
from tests.support.databases import ON_POSTGRESQL

FACTS = {"care": ["LONG"]}
PLACE = Place(LINEAR, "somebody", timedelta(minutes=60))
STEPS = {
    "room": {"room": "no"},
    "about-you": {"name": "Zoë", "email": "zoe@example.org", "care": [], "why": ""},
}

Send = Callable[..., str]


@pytest.fixture
def send(db: Database, at: datetime) -> Send:
    """Send the draft; what is handed over is kept in `send.got`."""
    got: list[Submission] = []

    def submit(session: Session, submission: Submission) -> str:
        got.append(submission)
        return f"TST-{len(got)}"

    def run(version: int = 3, at: datetime = at, facts: dict[str, Any] = FACTS) -> str:
        final = SendForm.from_answers({"true": True})
        with db.reading() as session:
            draft = service.find_draft(session, PLACE, at)
        answers = Answers.from_json(draft.answers) if draft else Answers()
        progress = Progress(LINEAR, answers, facts)
        submission = service.prepare(draft, progress, at, final=final, seen_version=version, signs=("trap",))
        with db.transaction() as session:
            return service.send(session, PLACE, submit, submission, version=version)

    run.got = got  # type: ignore[attr-defined]
    return run


def nobody(_session: Session, _submission: Submission) -> str:
    raise AssertionError("sent twice")


def save_all(db: Database, at: datetime, **changes: dict[str, Any]) -> None:
    with db.transaction() as session:
        for slug, answers in {**STEPS, **changes}.items():
            service.save_step(session, PLACE, slug, answers, at)


def test_a_draft_is_sent_once(db: Database, at: datetime, send: Send) -> None:
    save_all(db, at)
    later = at + timedelta(minutes=5)
    assert send(at=later) == "TST-1"
    with pytest.raises(NotReady):
        send(at=later)
    with db.transaction() as session:
        (prepared,) = send.got  # type: ignore[attr-defined]
        assert service.send(session, PLACE, nobody, prepared, version=3) == "TST-1"
    (submission,) = send.got  # type: ignore[attr-defined]
    assert submission.started_at == at
    assert submission.at == later
    assert submission.signs == ("trap",)
    assert submission.version == "1"
    with db.reading() as session:
        draft = session.scalars(select(Draft)).one()
    assert (draft.reference, draft.answers, draft.submission_key) == ("TST-1", {}, submission.key)
    with db.transaction() as session, pytest.raises(AlreadySubmitted):
        service.save_step(session, PLACE, "room", {"room": "yes"}, later)


def test_what_is_stored_is_judged_again_when_it_is_sent(db: Database, at: datetime, send: Send) -> None:
    with pytest.raises(NotReady):
        send()
    save_all(db, at, **{"about-you": {"name": "Zoë", "email": "not an address"}})
    with pytest.raises(NotReady):
        send()
    save_all(db, at)
    with pytest.raises(NotReady):
        send(version=5, at=at + timedelta(minutes=60))
    with pytest.raises(AnswersChanged):
        send(version=4)
    assert send(version=5) == "TST-1"


def test_what_was_saved_between_preparing_and_sending_is_not_passed_over(db: Database, at: datetime) -> None:
    save_all(db, at)
    with db.reading() as session:
        draft = service.find_draft(session, PLACE, at)
    assert draft is not None
    progress = Progress(LINEAR, Answers.from_json(draft.answers), FACTS)
    final = SendForm.from_answers({"true": True})
    prepared = service.prepare(draft, progress, at, final=final, seen_version=3)
    save_all(db, at)
    with db.transaction() as session, pytest.raises(AnswersChanged):
        service.send(session, PLACE, nobody, prepared, version=3)
    with db.transaction() as session:
        service.discard(session, PLACE)
    with db.transaction() as session, pytest.raises(AnswersChanged):
        service.send(session, PLACE, nobody, prepared, version=3)


def test_sent_answers_are_only_those_on_the_path(db: Database, at: datetime, send: Send) -> None:
    save_all(db, at, rooms={"rooms": 3})
    send(version=4)
    (submission,) = send.got  # type: ignore[attr-defined]
    assert set(submission.answers.steps) == {"room", "about-you"}


def test_a_draft_that_ran_out_begins_anew(db: Database, at: datetime) -> None:
    save_all(db, at)
    with db.reading() as session:
        old = service.find_draft(session, PLACE, at)
        assert service.find_draft(session, PLACE, at + timedelta(minutes=60)) is None
    with db.transaction() as session:
        new = service.save_step(session, PLACE, "room", {"room": "yes"}, at + timedelta(minutes=60))
    assert old is not None
    assert new.submission_key != old.submission_key
    assert new.answers["steps"] == {"room": {"room": "yes"}}


@ON_POSTGRESQL
def test_the_expiry_passes_over_a_draft_that_somebody_holds(db: Database, at: datetime) -> None:
    save_all(db, at)
    later = at + PLACE.lifetime
    with db.transaction() as holder:
        assert service.find_draft(holder, PLACE, later, lock=True) is None
        with db.transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert service.expire_drafts(session, later) == 0
    with db.transaction() as session:
        assert service.expire_drafts(session, later) == 1


def test_each_holder_and_journey_has_a_draft_of_its_own(db: Database, at: datetime) -> None:
    places = [PLACE, Place(LINEAR, "another", PLACE.lifetime), Place(TASKS, "somebody", PLACE.lifetime)]
    with db.transaction() as session:
        for place in places:
            service.save_step(session, place, place.journey.steps[0].slug, {}, at)
    with db.transaction() as session:
        service.discard(session, PLACE)
    with db.reading() as session:
        assert [service.find_draft(session, place, at) is None for place in places] == [True, False, False]


def test_saves_from_many_devices_at_once_are_all_kept(db: Database, at: datetime) -> None:
    place = Place(TASKS, "somebody", PLACE.lifetime)
    together = Barrier(8)

    def save(number: int) -> None:
        together.wait()
        with db.transaction() as session:
            service.save_item(session, place, "jobs", Item(f"job-{number}", {"employer": str(number)}), at)

    devices = [Thread(target=save, args=(number,)) for number in range(8)]
    for device in devices:
        device.start()
    for device in devices:
        device.join()
    with db.reading() as session:
        draft = session.scalars(select(Draft)).one()
    assert {item.id for item in Answers.from_json(draft.answers).items["jobs"]} == {
        f"job-{n}" for n in range(8)
    }
    assert draft.version == 9


@pytest.mark.parametrize(
    "words", ["Zoë 👩🏽‍🚒", "محمد‌رضا", "naïve\n‘quoted’ \\u0000 %s {} ; DROP TABLE", "\U0010ffff"]
)
def test_words_are_stored_exactly(db: Database, at: datetime, words: str) -> None:
    with db.transaction() as session:
        service.save_step(session, PLACE, "about-you", {"why": words}, at)
    with db.reading() as session:
        draft = service.find_draft(session, PLACE, at)
    assert draft is not None
    assert draft.answers["steps"]["about-you"]["why"] == words
