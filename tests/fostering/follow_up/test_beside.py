"""What stands on the page that closes an enquiry, so that no reason contradicts an answer unnoticed."""

from datetime import timedelta

from portal.fostering.options import Area, SpareBedroom, Stage, YesNo
from tests.support.builders import make_enquiry
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
