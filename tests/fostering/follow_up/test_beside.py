"""What stands on the page that closes an enquiry, so that no reason contradicts an answer unnoticed."""

from datetime import timedelta

import pytest

from portal.fostering.options import Area, SpareBedroom, Stage, UkResidency, YesNo
from tests.support.builders import make_enquiry
from tests.support.client import SAME_ORIGIN, field_values, find_form
from tests.support.events import make_booking, make_event

PLACES = "It also gives back their places"


def page_of(officer, enquiry, stage):
    return officer.get(f"/staff/fostering/{enquiry.public_ref}/move/{stage.value}").page.main.text


def test_the_answers_stand_where_the_reason_is_chosen(db, officer, at):
    answers = {"age_21_plus": YesNo.YES, "spare_bedroom": SpareBedroom.NOT_YET, "area": Area.HANTS}
    with db.transaction() as session:
        enquiry = make_enquiry(session, stage=Stage.CONTACTING, received_at=at, **answers)
    text = page_of(officer, enquiry, Stage.CLOSED)
    for answer in ("21 or over Yes", "Spare bedroom Not yet, but I expect to", "Lives in Hampshire"):
        assert answer in text
    assert "Right to live and work" not in text, "what was not asked is not made up"
    assert PLACES not in text
    assert "What they told us" not in page_of(officer, enquiry, Stage.KEEP_IN_TOUCH)


def test_places_that_closing_gives_back_are_named_before(db, officer, at):
    with db.transaction() as session:
        enquiry = make_enquiry(session, stage=Stage.CONTACTING, received_at=at)
        make_booking(session, make_event(session, starts_at=at + timedelta(days=9)), enquiry_id=enquiry.id)
    assert f"{PLACES} at 1 information event; a duplicate’s" in page_of(officer, enquiry, Stage.CLOSED)
    assert PLACES not in page_of(officer, enquiry, Stage.KEEP_IN_TOUCH)


ANSWERS = {"age_21_plus": YesNo.YES, "spare_bedroom": SpareBedroom.YES, "uk_residency": UkResidency.YES}
AGAINST = {
    "S01": ("Under 21", "21 or over: Yes"),
    "S02": ("No spare bedroom", "Spare bedroom: Yes"),
    "S03": ("Lives outside the area covered", "Lives in: Southampton"),
    "S04": ("Right to live or work in the UK not settled", "Right to live and work in the UK: Yes"),
}


def told(db, at, **answers):
    with db.transaction() as session:
        return make_enquiry(session, stage=Stage.CONTACTING, received_at=at, **answers).public_ref


def closing(reference):
    return f"/staff/fostering/{reference}/move/{Stage.CLOSED.value}"


@pytest.mark.parametrize("code", AGAINST)
def test_a_reason_against_an_answer_is_asked_about_once(db, officer, at, code):
    reason, answer = AGAINST[code]
    page = closing(told(db, at, area=Area.SOTON, **ANSWERS))
    assert officer.get(page).page.first("input", name="although") is None
    asked = officer.post_form(page, {"reason": "S", "code_s": code, "note": "They have moved"})
    assert asked.status_code == 422
    choose = "Select another reason, or tick the box if it is right"
    assert asked.page.errors == [f"They told us “{answer}”. {choose}"]
    assert f"“{reason}” is right, although they told us “{answer}”" in asked.page.main.text
    form = field_values(find_form(asked.page, {"although"}, None))
    assert (form["reason"], form["code_s"], form["note"]) == ("S", code, "They have moved")
    assert officer.post(page, data={**form, "although": "yes"}, headers=SAME_ORIGIN).status_code == 303


def test_a_tick_for_one_reason_is_none_for_another(db, officer, at):
    reference = told(db, at, **ANSWERS)
    asked = officer.post_form(closing(reference), {"reason": "S", "code_s": "S02"})
    form = field_values(find_form(asked.page, {"although"}, None))
    other = {**form, "although": "yes", "code_s": "S01"}
    again = officer.post(closing(reference), data=other, headers=SAME_ORIGIN)
    assert again.status_code == 422
    assert "although they told us “21 or over: Yes”" in again.page.main.text
    assert "checked" not in again.page.first("input", name="although").attrs


@pytest.mark.parametrize(("reason", "code"), [("S", "S02"), ("S", "S05"), ("Q", "Q01")])
def test_a_reason_against_no_answer_asks_for_nothing_more(db, officer, at, reason, code):
    answers = {**ANSWERS, "spare_bedroom": SpareBedroom.NOT_YET, "area": Area.HANTS}
    page = closing(told(db, at, **answers))
    assert officer.post_form(page, {"reason": reason, f"code_{reason.lower()}": code}).status_code == 303
