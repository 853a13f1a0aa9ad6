"""The one table of moves, and the words for what it refuses."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from portal.applications import transitions
from portal.applications.options import ApplicationStatus as Status
from portal.core.database import Database
from portal.core.errors import InvalidTransition
from tests.support.applications import make_application, make_candidate
from tests.support.builders import make_vacancy


def test_every_status_has_its_moves_and_its_tab() -> None:
    assert set(transitions.ALLOWED) == set(transitions.TAB_OF) == set(Status)


def test_every_status_can_be_reached_and_every_way_ends() -> None:
    reached, ahead = {Status.SUBMITTED}, [Status.SUBMITTED]
    while ahead:
        for to in transitions.ALLOWED[ahead.pop()]:
            if to not in reached:
                reached.add(to)
                ahead.append(to)
    assert reached == set(Status)
    assert reached & transitions.ENDED


@pytest.mark.parametrize("status", Status)
def test_an_application_can_be_withdrawn_until_there_is_an_offer(status: Status) -> None:
    before_offer = {
        Status.SUBMITTED,
        Status.SIFTING,
        Status.RESERVE,
        Status.SHORTLISTED,
        Status.INTERVIEW_INVITED,
        Status.INTERVIEWED,
        Status.RESERVE_APPOINT,
    }
    assert transitions.may_withdraw(status) is (status in before_offer)


def test_a_refused_move_says_where_it_stands_and_what_is_possible() -> None:
    with pytest.raises(InvalidTransition) as refused:
        transitions.require("APP-23456789", Status.SUBMITTED, Status.OFFERED)
    assert refused.value.facts["why"] == (
        "This application stands at “New”. "
        "From there it can go to “Being shortlisted”, “Post fell away”, “Withdrawn”"
    )
    assert transitions.why_not(Status.STARTED, Status.OFFERED).endswith("where it has ended")
    assert not transitions.why_not(Status.SUBMITTED, Status.SIFTING)


def test_one_candidate_has_one_live_application_for_a_vacancy(db: Database) -> None:
    with db.transaction() as session:
        vacancy, candidate = make_vacancy(session), make_candidate(session)
        make_application(session, vacancy, candidate=candidate, status=Status.WITHDRAWN)
        make_application(session, vacancy, candidate=candidate)
        with pytest.raises(IntegrityError), session.begin_nested():
            make_application(session, vacancy, candidate=candidate)
