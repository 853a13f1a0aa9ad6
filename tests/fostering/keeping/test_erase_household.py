"""Erasing all enquiries of a household in one go: each listed, what must stay refused, nothing half done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.fostering.closures import Closure
from portal.fostering.guarded import Reader
from portal.fostering.keeping import erasing
from portal.fostering.models import Enquiry, PossibleDuplicate
from portal.fostering.options import DuplicateState, MatchedOn, Stage
from portal.fostering.reporting.models import AnonymousEnquiry
from tests.fostering.keeping.conftest import NOW, MakeClosed
from tests.support.builders import make_enquiry, make_staff
from tests.support.client import JudgingClient
from tests.support.people import SignIn

KEY = "k" * 32


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(sign_in: SignIn) -> JudgingClient:
    return sign_in("fostering_manager")


def left(db: Database) -> set[str]:
    with db.reading() as session:
        return set(session.scalars(select(Enquiry.public_ref)))


def path_of(reference: str) -> str:
    return f"/staff/fostering/{reference}/erase"


def test_all_enquiries_of_a_household_are_erased_in_one_go(
    db: Database, manager: JudgingClient, closed: MakeClosed
) -> None:
    """Linked, merged without a common key, and at the end of a chain of both; nobody else’s."""
    with db.transaction() as session:
        asked, linked = (make_enquiry(session, household_key=KEY) for _ in range(2))
        merged = closed(session, Closure.X02, duplicate_of_id=linked.id)
        stranger = make_enquiry(session)
        all_of_it = [one.public_ref for one in (asked, linked, merged)]
        other = stranger.public_ref
    path = path_of(all_of_it[0])
    page = manager.get(path).page.main.text
    assert all(reference in page for reference in all_of_it)
    assert other not in page
    refused = manager.post_form(path, {"checked": "yes"})
    assert refused.page.errors == ["Select what is erased"]
    done = manager.post_form(path, {"checked": "yes", "scope": "ALL"})
    assert done.status_code == 303, done.page.errors
    assert "The household’s records were erased" in manager.get(done.location).text
    assert left(db) == {other}
    with db.reading() as session:
        kept = session.scalars(select(AnonymousEnquiry.closure_code)).all()
        assert sorted(code for code in kept if code) == [Closure.X02, Closure.X10, Closure.X10]
        event = AuditEvent.event == "fostering.record_erased"
        assert sorted(session.scalars(select(AuditEvent.subject).where(event))) == sorted(all_of_it)


def test_one_alone_can_be_erased(db: Database, manager: JudgingClient) -> None:
    with db.transaction() as session:
        asked, other = (make_enquiry(session, household_key=KEY).public_ref for _ in range(2))
    assert manager.post_form(path_of(asked), {"checked": "yes", "scope": "ONE"}).status_code == 303
    assert left(db) == {other}
    assert "Other enquiries" not in manager.get(path_of(other)).text


def test_what_nobody_has_judged_yet_is_shown_first_and_stays(db: Database, manager: JudgingClient) -> None:
    with db.transaction() as session:
        asked, linked = (make_enquiry(session, household_key=KEY) for _ in range(2))
        maybe, from_before, judged, secret = (make_enquiry(session) for _ in range(4))
        secret.restricted_at = NOW
        pairs = [
            (maybe, linked, DuplicateState.POSSIBLE),
            (asked, from_before, DuplicateState.POSSIBLE),
            (judged, asked, DuplicateState.DIFFERENT),
            (secret, asked, DuplicateState.POSSIBLE),
            (linked, asked, DuplicateState.POSSIBLE),
        ]
        for later, earlier, state in pairs:
            pair = {"enquiry_id": later.id, "other_id": earlier.id, "matched_on": MatchedOn.EMAIL}
            session.add(PossibleDuplicate(**pair, state=state))
        one, two = asked.public_ref, linked.public_ref
        unsure = {f"/staff/fostering/{one}/household/{from_before.public_ref}"}
        unsure |= {f"/staff/fostering/{two}/household/{maybe.public_ref}"}
        stay = {maybe.public_ref, from_before.public_ref, judged.public_ref, secret.public_ref}
    page = manager.get(path_of(one)).page.main
    assert "Nobody has said yet whether these are the same household’s" in page.text
    shown = {link["href"] for link in page.all("a") if "Compare" in link.text}
    assert shown == unsure
    assert all(manager.get(address).status_code == 200 for address in shown)
    assert manager.post_form(path_of(one), {"checked": "yes", "scope": "ALL"}).status_code == 303
    assert left(db) == stay
    assert "Nobody has said" not in manager.get(path_of(min(stay))).text


def test_what_must_stay_is_listed_with_the_reason_and_stays(
    db: Database, manager: JudgingClient, closed: MakeClosed
) -> None:
    with db.transaction() as session:
        asked, goes = (make_enquiry(session, household_key=KEY).public_ref for _ in range(2))
        held = make_enquiry(session, household_key=KEY, hold_reason="LEGAL")
        applied = make_enquiry(session, household_key=KEY, stage=Stage.STAGE_ONE, application_at=NOW)
        twin = closed(session, Closure.X02, duplicate_of_id=held.id)
        secret = make_enquiry(session, household_key=KEY, restricted_at=NOW)
        owner = make_staff(session, role="fostering", email="named@example.com")
        session.add(Reader(enquiry_id=secret.id, person_id=owner.id, named_at=NOW))
        stay = {held.public_ref, applied.public_ref, twin.public_ref, secret.public_ref}
        hidden = secret.public_ref
    page = manager.get(path_of(asked)).page.main.text
    for reason in (erasing.HELD, erasing.APPLIED, erasing.STAYS_WITH):
        assert reason in page
    assert hidden not in page, "restricted to others: it does not exist here"
    assert manager.post_form(path_of(asked), {"checked": "yes", "scope": "ALL"}).status_code == 303
    assert left(db) == stay
    assert goes not in left(db)


@pytest.mark.parametrize("change", ["held", "joined", "changed"])
def test_a_household_that_changed_meanwhile_is_not_half_erased(
    db: Database, manager: JudgingClient, change: str
) -> None:
    with db.transaction() as session:
        asked, other = (make_enquiry(session, household_key=KEY) for _ in range(2))
        third = make_enquiry(session)
    old = manager.get(path_of(asked.public_ref)).page.first("input", name="others")
    assert old is not None
    with db.transaction() as session:
        found = session.get_one(Enquiry, third.id if change == "joined" else other.id)
        if change == "held":
            found.hold_reason = "LEGAL"
        elif change == "joined":
            found.household_key = KEY
        else:
            found.email = "new@example.com"
        session.add(make_enquiry(session, household_key=KEY))  # so that something can still go with it
    typed = {"checked": "yes", "scope": "ALL", "others": old["value"]}
    answer = manager.post_form(path_of(asked.public_ref), typed)
    assert answer.status_code == 409
    assert erasing.OTHERS_CHANGED in answer.page.main.text
    ticked = {box["name"] for box in answer.page.all("input") if "checked" in box.attrs}
    assert ticked == {"scope"}, "who asked is checked again, for the records of this list"
    assert {asked.public_ref, other.public_ref, third.public_ref} <= left(db)
    again = manager.post_form(path_of(asked.public_ref), {"checked": "yes", "scope": "ALL"})
    assert again.status_code == 303
    assert (other.public_ref in left(db)) is (change == "held")
