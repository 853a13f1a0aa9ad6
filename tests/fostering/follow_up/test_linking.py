"""One household or two: said side by side, on both timelines, and taken back."""

import pytest
import time_machine
from sqlalchemy import select

from portal.fostering.models import Enquiry, PossibleDuplicate
from portal.fostering.options import DuplicateState, MatchedOn
from tests.support.builders import make_enquiry


@pytest.fixture
def officer(sign_in, at):
    with time_machine.travel(at, tick=False):
        yield sign_in("fostering")


@pytest.fixture
def pair(db):
    with db.transaction() as session:
        one, two = (make_enquiry(session, email="shared@example.com") for _ in range(2))
        session.add(PossibleDuplicate(enquiry_id=two.id, other_id=one.id, matched_on=MatchedOn.EMAIL))
    return one, two


def home(enquiry):
    return f"/staff/fostering/{enquiry.public_ref}"


def compare(one, two):
    return f"{home(one)}/household/{two.public_ref}"


def keys(db):
    with db.reading() as session:
        return list(session.scalars(select(Enquiry.household_key).order_by(Enquiry.id)))


@pytest.mark.parametrize("said_on", [0, 1])
def test_the_same_household_has_the_earlier_ones_key_wherever_it_is_said(officer, db, pair, said_on):
    earlier, _later = keys(db)
    one, two = (pair[said_on], pair[1 - said_on])
    link = next(link for link in officer.get(home(one)).page.all("a") if link.text.startswith("Compare"))
    assert link["href"] == compare(one, two)
    answer = officer.post_form(link["href"], {"state": "SAME", "note": "Same voice"})
    assert f"Same household as {two.public_ref}" in officer.follow(answer).page.main.text
    assert f"Same household as {one.public_ref}" in officer.get(home(two)).page.main.text
    assert keys(db) == [earlier, earlier]
    with db.reading() as session:
        assert session.scalars(select(PossibleDuplicate)).one().state is DuplicateState.SAME


def test_it_can_be_taken_back(officer, db, pair):
    one, two = pair
    first, _second = keys(db)
    officer.post_form(compare(one, two), {"state": "SAME"})
    answer = officer.post_form(compare(one, two), {"state": "DIFFERENT"})
    assert f"Another household than {two.public_ref}" in officer.follow(answer).page.main.text
    assert keys(db)[0] == first
    assert len(set(keys(db))) == 2


def test_whoever_was_said_to_be_one_with_either_comes_along(officer, db, pair):
    one, two = pair
    with db.transaction() as session:
        third = make_enquiry(session)
    officer.post_form(compare(third, two), {"state": "SAME"})
    officer.post_form(compare(two, one), {"state": "SAME"})
    assert len(set(keys(db))) == 1


def test_an_enquiry_is_not_compared_with_itself(officer, db, pair):
    answer = officer.post_form(compare(pair[0], pair[0]), {"state": "SAME"})
    assert answer.page.errors == ["These are one and the same enquiry"]
    assert officer.get(f"{home(pair[0])}/household/FOS-26-ZZZZZ").status_code == 404


def test_nothing_is_said_without_a_choice_or_over_a_colleagues_word(officer, db, pair):
    page = compare(*pair)
    assert officer.post_form(page, {}).page.errors == ["Select whether these are one household"]
    assert officer.post_form(page, {"state": "SAME"}).status_code == 303
    assert officer.post_form(page, {"state": "DIFFERENT", "version": "1"}).status_code == 409
    assert len(set(keys(db))) == 1


def test_what_was_closed_as_a_duplicate_is_opened_before_it_is_parted(officer, db, pair):
    one, two = pair
    closing = {"reason": "X", "code_x": "X02", "original": one.public_ref}
    assert officer.post_form(f"{home(two)}/move/CL", closing).status_code == 303
    answer = officer.post_form(compare(two, one), {"state": "DIFFERENT"})
    assert answer.status_code == 409
    assert "Open it again first" in answer.page.main.text
    assert len(set(keys(db))) == 1
