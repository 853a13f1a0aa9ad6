"""Every action in every state: what is possible is done, what is not is refused with the reason."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import product

import pytest

from portal.core.access import Actor
from portal.core.clock import london_instant
from portal.core.errors import InvalidTransition
from portal.vacancies.life import service
from portal.vacancies.life.extension import Extension
from portal.vacancies.life.transitions import ALLOWED, ONLY, STANDS, Action, actions_in, why_not
from portal.vacancies.options import ExtensionReason, Outcome, Status
from tests.vacancies.life.adverts import load, make_hr, make_in_state

# Written down once more on purpose: D draft, P waiting, S scheduled, O open, C closed, F filled, H part
# filled, N not filled, X cancelled, A archived.
LETTERS = dict(zip("DPSOCFHNXA", Status, strict=True))
TABLE = {
    Action.CHANGE: "DPSO",
    Action.SUBMIT: "DPS",
    Action.APPROVE: "P",
    Action.SEND_BACK: "P",
    Action.EXTEND: "OC",
    Action.CLOSE_EARLY: "O",
    Action.RECORD_OUTCOME: "CFHN",
    Action.CANCEL: "DPSOC",
    Action.ARCHIVE: "FHNX",
    Action.COPY: "DPSOCFHNXA",
    Action.RELIST: "HNXA",
}

LATER = Extension(
    closes_at=london_instant(date(2026, 12, 15), time(12)),
    reason=ExtensionReason.NO_APPLICATIONS,
    decision_promised_on=date(2026, 12, 21),
)


def submit(*given, version, by, at):
    """Sending for approval comes from the writing, which looks at the version itself."""
    assert version == 1
    service.submit_vacancy(*given, by=by, at=at)


VERBS = {
    Action.SUBMIT: submit,
    Action.APPROVE: service.approve_vacancy,
    Action.SEND_BACK: lambda *given, **said: service.send_back_vacancy(
        *given, "Shorter", open_copy=lambda *_, **__: None, **said
    ),
    Action.EXTEND: lambda *given, **said: service.extend_vacancy(*given, LATER, **said),
    Action.CLOSE_EARLY: lambda *given, **said: service.close_vacancy_early(*given, "Enough", **said),
    Action.RECORD_OUTCOME: lambda *given, **said: service.record_outcome(
        *given, Outcome.FILLED, comment="All chosen", **said
    ),
    Action.CANCEL: lambda *given, **said: service.cancel_vacancy(*given, "The team is merged", **said),
    Action.ARCHIVE: lambda *given, **said: service.archive_vacancy(
        *given, why_not=lambda *_: "", confirmed=True, **said
    ),
}

LEADS_TO = {
    Action.SUBMIT: Status.PENDING_APPROVAL,
    Action.APPROVE: Status.SCHEDULED,
    Action.SEND_BACK: Status.DRAFT,
    Action.EXTEND: Status.OPEN,
    Action.CLOSE_EARLY: Status.CLOSED,
    Action.RECORD_OUTCOME: Status.FILLED,
    Action.CANCEL: Status.CANCELLED,
    Action.ARCHIVE: Status.ARCHIVED,
}


def test_the_table_is_the_reviewed_one():
    assert {action: {LETTERS[letter] for letter in letters} for action, letters in TABLE.items()} == ALLOWED
    assert set(ONLY) == set(Action)
    assert set(STANDS) == set(Status)


@pytest.mark.parametrize(("action", "status"), list(product(VERBS, Status)), ids=str)
def test_every_action_in_every_state(db, app, at, action, status):
    with app.app_context(), db.transaction() as session:
        vacancy = make_in_state(session, status)
        by = make_hr(session)
        vacancy = load(session, vacancy.reference)
        if status in ALLOWED[action]:
            VERBS[action](session, vacancy, version=vacancy.version, by=by, at=at)
            assert vacancy.status(at) is LEADS_TO[action]
            assert vacancy.version == 2
            return
        with pytest.raises(InvalidTransition) as refusal:
            VERBS[action](session, vacancy, version=vacancy.version, by=by, at=at)
        facts = refusal.value.facts
        assert facts["why"] == why_not(action, status)
        assert facts["instead"] == [other.value for other in actions_in(status)]
        assert vacancy.status(at) is status


@pytest.mark.parametrize(("action", "status"), list(product(Action, Status)), ids=str)
def test_a_refusal_says_why_in_whole_sentences(action, status):
    reason = why_not(action, status)
    assert bool(reason) is (status not in ALLOWED[action])
    if reason:
        assert reason.startswith(ONLY[action])
        assert reason.endswith(STANDS[status])
        assert not reason.endswith(".")


def test_something_can_always_be_done():
    assert all(actions_in(status) for status in Status)


def test_the_system_itself_approves_nothing(db, app, at):
    with app.app_context(), db.transaction() as session:
        vacancy = load(session, make_in_state(session, Status.PENDING_APPROVAL).reference)
        with pytest.raises(Exception, match="second_person"):
            service.approve_vacancy(session, vacancy, version=1, by=Actor.system("test"), at=at)


def test_a_state_follows_from_the_dates_alone(db, app, at):
    with app.app_context(), db.transaction() as session:
        vacancy = load(session, make_in_state(session, Status.PENDING_APPROVAL).reference)
        service.approve_vacancy(session, vacancy, version=1, by=make_hr(session), at=at)
    second = timedelta(seconds=1)
    seen = [
        vacancy.status(moment)
        for moment in (
            vacancy.publish_at - second,
            vacancy.publish_at,
            vacancy.closes_at - second,
            vacancy.closes_at,
        )
    ]
    assert seen == [Status.SCHEDULED, Status.OPEN, Status.OPEN, Status.CLOSED]
