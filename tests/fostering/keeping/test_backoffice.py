"""The pages of keeping: the list, its approval, holds, erasure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.database import Database
from portal.fostering.keeping.models import RetentionList
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage
from tests.fostering.keeping.conftest import NOW, TODAY, MakeClosed
from tests.support.builders import make_enquiry, make_staff
from tests.support.client import SAME_ORIGIN, JudgingClient, field_values, find_form
from tests.support.people import SignIn

KEEPING = "/staff/fostering/keeping"


@pytest.fixture
def manager(sign_in: SignIn) -> JudgingClient:
    """A fostering manager, signed in on the day of these tests."""
    return sign_in("fostering_manager", name="Mara Example")


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def lists(db: Database) -> list[RetentionList]:
    with db.reading() as session:
        return list(session.scalars(select(RetentionList).order_by(RetentionList.id)))


def test_a_manager_looks_through_the_list_approves_it_and_takes_it_back(
    db: Database, manager: JudgingClient, closed: MakeClosed
) -> None:
    with db.transaction() as session:
        reference = closed(session).public_ref
    page = manager.get(KEEPING)
    assert reference in page.text
    assert "Closed without an application" in page.text
    assert "Made anonymous" in page.text
    untouched = manager.post_form(KEEPING, {}, action=f"{KEEPING}/approve")
    assert untouched.status_code == 422
    assert "Tick the box when you have looked through the list" in untouched.text
    answer = manager.post_form(KEEPING, {"looked": "yes"}, action=f"{KEEPING}/approve")
    assert answer.status_code == 303
    after = manager.get(answer.location)
    assert "Approved. The records go tonight." in after.text
    assert "Nothing waits for you." in after.text
    assert "1 record, approved" in after.text
    number = lists(db)[0].id
    back = manager.post_form(KEEPING, {}, action=f"{KEEPING}/{number}/take-back")
    assert back.status_code == 303
    page = manager.get(back.location)
    assert "The approval was taken back." in page.text
    assert "approval taken back" in page.text
    assert reference in page.text


def test_an_approval_that_a_colleague_took_back_first_is_said_on_the_same_page(
    db: Database, manager: JudgingClient, closed: MakeClosed
) -> None:
    with db.transaction() as session:
        closed(session)
    manager.post_form(KEEPING, {"looked": "yes"}, action=f"{KEEPING}/approve")
    path = f"{KEEPING}/{lists(db)[0].id}/take-back"
    sent = field_values(find_form(manager.get(KEEPING).page, set(), path))
    assert manager.post(path, data=sent, headers=SAME_ORIGIN).status_code == 303
    again = manager.post(path, data=sent, headers=SAME_ORIGIN)
    assert again.status_code == 409
    assert "There is nothing to take back" in again.text
    assert "approval taken back" in again.text


def test_what_was_approved_is_named_until_it_goes_and_on_its_own_page(
    db: Database, manager: JudgingClient, sign_in: SignIn, closed: MakeClosed
) -> None:
    with db.transaction() as session:
        goes, changes = (closed(session).public_ref for _ in range(2))
    tonight = "A fostering manager has approved that it is made anonymous tonight."
    officer = sign_in("fostering")
    assert tonight not in officer.get(f"/staff/fostering/{goes}").text
    manager.post_form(KEEPING, {"looked": "yes"}, action=f"{KEEPING}/approve")
    page = manager.get(KEEPING)
    assert goes in page.text
    assert changes in page.text
    assert "to go." not in page.text
    details = {"phone": "07700 900333"}
    assert officer.post_form(f"/staff/fostering/{changes}/details", details).status_code == 303
    assert tonight in officer.get(f"/staff/fostering/{goes}").text
    assert tonight not in officer.get(f"/staff/fostering/{changes}").text
    page = manager.get(KEEPING)
    assert "2 records, approved" in page.text
    assert "That leaves 1 record to go." in page.text


def test_what_became_of_a_list_is_said_in_numbers(db: Database, manager: JudgingClient) -> None:
    with db.transaction() as session:
        known = {"approved_at": NOW, "approved_by_name": "Mara Example", "finished_at": NOW}
        session.add(RetentionList(approved=4, deleted=1, anonymised=2, **known))
    page = manager.get(KEEPING).page.main.text
    assert "1 deleted, 2 made anonymous, 1 stayed: changed or held after the approval" in page


def test_a_list_that_changed_is_shown_again_and_nothing_is_approved(
    db: Database, manager: JudgingClient, closed: MakeClosed
) -> None:
    with db.transaction() as session:
        closed(session)
    shown = manager.get(KEEPING)
    with db.transaction() as session:
        later = closed(session).public_ref
    mark = shown.page.first("input", name="mark")
    assert mark is not None
    answer = manager.post_form(KEEPING, {"looked": "yes", "mark": mark["value"]}, action=f"{KEEPING}/approve")
    assert answer.status_code == 409
    assert "The list has changed" in answer.text
    assert later in answer.text
    assert lists(db) == []


def test_a_record_is_held_looked_at_again_and_released(
    db: Database, manager: JudgingClient, closed: MakeClosed
) -> None:
    with db.transaction() as session:
        reference = closed(session).public_ref
        colleague = make_staff(session, name="Asha Example", role="fostering").id
    path = f"/staff/fostering/{reference}/hold"
    assert "From 26 November 2026 on it can be made anonymous" in manager.get(path[: -len("/hold")]).text
    assert manager.post_form(path, {"reason": ""}).status_code == 422
    day = {"review_on-day": "1", "review_on-month": "3", "review_on-year": "2027"}
    typed = {"reason": "SAFEGUARDING", "owner": str(colleague), **day}
    assert manager.post_form(path, typed).status_code == 303
    assert "It is kept beyond its time." in manager.get(path[: -len("/hold")]).text
    listed = manager.get(KEEPING).text
    assert "A safeguarding matter" in listed
    assert "Asha Example" in listed
    again = manager.get(path)
    assert "Kept because: A safeguarding matter" in again.text
    assert manager.post_form(f"{path}/end", {}).status_code == 303
    assert "There is nothing to end." in manager.get(f"{path}/end").text
    with db.reading() as session:
        assert session.scalars(select(Enquiry.hold_reason)).one() is None


def test_a_record_is_erased_by_a_manager_who_checked_who_asked(db: Database, manager: JudgingClient) -> None:
    with db.transaction() as session:
        reference = make_enquiry(session).public_ref
        applied = make_enquiry(session, stage=Stage.STAGE_ONE, application_at=NOW).public_ref
    path = f"/staff/fostering/{reference}/erase"
    assert "Note how to reach them first" in manager.get(path).text
    refused = manager.post_form(path, {})
    assert refused.status_code == 422
    assert "Tick the box when you have checked who asked" in refused.text
    done = manager.post_form(path, {"checked": "yes"})
    assert done.status_code == 303
    assert "The record was erased" in manager.get(done.location).text
    assert manager.get(f"/staff/fostering/{reference}").status_code == 404
    kept = manager.get(f"/staff/fostering/{applied}/erase")
    assert "the law asks us to keep this record" in kept.text
    assert "Note how to reach them" not in kept.text
    assert not kept.page.all("input", name="checked")


def test_what_a_colleague_did_meanwhile_is_shown_before_anything_is_erased(
    db: Database, manager: JudgingClient, sign_in: SignIn
) -> None:
    with db.transaction() as session:
        reference = make_enquiry(session, received_at=NOW - timedelta(days=1)).public_ref
    path = f"/staff/fostering/{reference}"
    old = manager.get(f"{path}/erase").page.first("input", name="version")
    assert old is not None
    call = {"kind": "CALL_OUT", "outcome": "SPOKE", "happened": "now"}
    called = sign_in("fostering").post_form(path, call, action=f"{path}/contact")
    assert called.status_code == 303, called.page.errors
    answer = manager.post_form(f"{path}/erase", {"checked": "yes", "version": old["value"]})
    assert answer.status_code == 409
    assert "Somebody else changed this enquiry" in answer.text
    assert "We called: spoke to them" in answer.text


def test_the_staff_home_page_tells_a_manager_what_waits(
    db: Database, manager: JudgingClient, sign_in: SignIn, closed: MakeClosed
) -> None:
    with db.transaction() as session:
        closed(session)
        closed(session, hold_reason="LEGAL", hold_until=TODAY - timedelta(days=1))
    home = manager.get("/staff/").text
    assert "1 record to let go" in home
    assert "1 hold to look at again" in home
    assert "Keeping records" not in sign_in("fostering").get("/staff/").text
