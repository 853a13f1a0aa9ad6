"""The checklist of the initial call: short choices, on the household’s page, leading to the next step."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.fostering.follow_up.first_call.models import FirstCall
from portal.fostering.follow_up.first_call.options import TOPICS, CallResult
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage
from tests.support.builders import make_enquiry


@pytest.fixture
def household(db, at):
    with db.transaction() as session:
        made = {"stage": Stage.CALL_DONE, "initial_call_at": at - timedelta(minutes=30)}
        return make_enquiry(session, received_at=at - timedelta(hours=1), **made).public_ref


def home(reference):
    return f"/staff/fostering/{reference}"


def stored(db):
    with db.reading() as session:
        return session.scalars(select(FirstCall)).one_or_none()


def test_choices_are_kept_and_shown_and_no_word_is_asked_for(officer, db, household, at):
    page = officer.get(f"{home(household)}/first-call").page
    assert len(page.all("select")) == len(TOPICS)
    assert page.all("textarea") == []
    chosen = {"bedroom": "FINE", "known_to_services": "TO_CASE_SYSTEM", "landlord": "TO_ASK"}
    answer = officer.post_form(f"{home(household)}/first-call", {**chosen, "result": "SEND_INFO"})
    text = officer.follow(answer).page.main.text
    assert "Checklist of the initial call" in text
    assert "It leads to: Send information first" in text
    assert "Talked about, and written in the case system" in text
    call = stored(db)
    assert (call.choices, call.result, call.recorded_at) == (chosen, CallResult.SEND_INFO, at)
    with db.reading() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.event == "fostering.first_call_recorded"))
        assert noted.one().facts == {}


def test_recorded_again_it_is_filled_in_and_replaced(officer, db, household):
    path = f"{home(household)}/first-call"
    officer.post_form(path, {"bedroom": "MORE", "support": "FINE", "result": "SEND_INFO"})
    officer.post_form(path, {"bedroom": "FINE", "support": ""})
    assert stored(db).choices == {"bedroom": "FINE"}


@pytest.mark.parametrize(
    ("result", "leads_to"),
    [("PROCEED_VISIT", "/move/E40"), ("KIT", "/move/KIT"), ("CLOSE", "/move/CL"), ("SEND_INFO", "?saved=1")],
)
def test_it_leads_to_the_next_step(officer, household, result, leads_to):
    answer = officer.post_form(f"{home(household)}/first-call", {"result": result})
    assert answer.headers["Location"].endswith(f"{household}{leads_to}")


def test_before_the_talk_is_recorded_it_leads_back(officer, db, household):
    with db.transaction() as session:
        session.scalars(select(Enquiry)).one().stage = Stage.NEW
    answer = officer.post_form(f"{home(household)}/first-call", {"result": "PROCEED_VISIT"})
    assert answer.headers["Location"].endswith("?saved=1")


def test_without_a_result_or_over_a_colleague_nothing_is_kept(officer, db, household):
    path = f"{home(household)}/first-call"
    assert officer.post_form(path, {"bedroom": "FINE"}).page.errors == ["Select where the call leads"]
    assert stored(db) is None
    assert officer.post_form(path, {"result": "KIT"}).status_code == 303
    stale = officer.post_form(path, {"result": "CLOSE", "version": "1"})
    assert stale.status_code == 409
    assert stored(db).result is CallResult.KIT


def test_it_is_for_enquiries_before_an_application(officer, db, household):
    with db.transaction() as session:
        session.scalars(select(Enquiry)).one().stage = Stage.STAGE_ONE
    assert officer.get(f"{home(household)}/first-call").status_code == 303
    assert "Checklist for" not in officer.get(home(household)).page.main.text
