"""Contact details put right, and a doubt taken away: what follows from it, what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.fostering.flags import QUARANTINE
from portal.fostering.models import Enquiry, PossibleDuplicate
from portal.fostering.options import Area, ContactMethod, DuplicateState, MatchedOn
from tests.support.builders import make_enquiry


@pytest.fixture
def enquiry(db, at):
    with db.transaction() as session:
        return make_enquiry(
            session,
            received_at=at - timedelta(days=1),
            phone="+447700900123",
            email="old@example.com",
            snapshot={"sections": []},
        )


def page_of(enquiry, page="details"):
    return f"/staff/fostering/{enquiry.public_ref}/{page}"


def stored(db, enquiry):
    with db.reading() as session:
        return session.get_one(Enquiry, enquiry.id)


def test_corrected_details_are_used_and_the_audit_has_only_their_names(officer, db, enquiry):
    new = {"phone": "07700 900 456", "email": "New@Example.com", "postcode": "po1 2al"}
    text = officer.follow(officer.post_form(page_of(enquiry), {**new, "note": "They rang"})).page.main.text
    assert "Details corrected" in text
    assert "phone, email address, postcode" in text
    found = stored(db, enquiry)
    assert (found.phone, found.email_key, found.postcode) == ("+447700900456", "new@example.com", "PO1 2AL")
    assert (found.area, found.district) == (Area.PORTS, "PO1")
    with db.reading() as session:
        wanted = select(AuditEvent).where(AuditEvent.event == "fostering.details_corrected")
        assert session.scalars(wanted).one().facts == {"fields": ["phone", "email", "postcode"]}


def test_a_name_that_was_misheard_is_put_right_and_found(officer, db, enquiry):
    typed = {"last_name": "Macintosh-Ng", "second_first_name": "Bea"}
    text = officer.follow(officer.post_form(page_of(enquiry), typed)).page.main.text
    assert "Macintosh-Ng and Bea" in text
    assert "last name, first name of the second person" in text
    for words in ("macintosh", "bea"):
        found = officer.follow(officer.post_form("/staff/fostering/find", {"q": words})).page.main.text
        assert enquiry.public_ref in found
    gone = officer.follow(officer.post_form("/staff/fostering/find", {"q": enquiry.last_name})).page.main.text
    assert enquiry.public_ref not in gone


ANSWERED = {
    "sections": [
        {
            "slug": "about-you",
            "title": "About you",
            "groups": [
                {
                    "step": "about-you",
                    "heading": "",
                    "item": None,
                    "rows": [
                        {
                            "name": "phone",
                            "question": "Your number",
                            "text": "07700 900123",
                            "answer": "+447700900123",
                        },
                        {
                            "name": "email",
                            "question": "Your email",
                            "text": "old@example.com",
                            "answer": "old@example.com",
                        },
                        {
                            "name": "contact_method",
                            "question": "How do we reach you",
                            "text": "Phone",
                            "answer": "PHONE",
                        },
                        {"name": "contact_needs", "question": "What you need", "text": "", "answer": ""},
                    ],
                }
            ],
        }
    ]
}


def answers_on(client, enquiry):
    """Each question of the answers' table with what stands beside it."""
    page = client.get(f"/staff/fostering/{enquiry.public_ref}").page
    rows = page.main.all(class_="govuk-summary-list__row")
    return {row.first("dt").text: row.first("dd").text for row in rows}


def test_an_answer_that_was_put_right_is_marked_where_it_stands(officer, db, enquiry):
    with db.transaction() as session:
        found = session.get_one(Enquiry, enquiry.id)
        found.snapshot, found.contact_method = ANSWERED, ContactMethod.PHONE
    assert not [text for text in answers_on(officer, enquiry).values() if "Changed" in text]
    typed = {
        "phone": "07700 900456",
        "email": "",
        "contact_method": "TEXT",
        "contact_needs": "An interpreter",
    }
    assert officer.post_form(page_of(enquiry), typed).status_code == 303
    shown = answers_on(officer, enquiry)
    assert shown["Your number"] == "07700 900123 Changed since: 07700 900456"
    assert shown["Your email"] == "old@example.com Changed since, and left empty"
    assert shown["How do we reach you"] == f"Phone Changed since: {ContactMethod.TEXT.label}"
    assert shown["What you need"] == "Not provided Changed since: An interpreter"
    back = {"phone": "07700 900123", "email": "old@example.com", "contact_method": "PHONE"}
    assert officer.post_form(page_of(enquiry), {**back, "contact_needs": ""}).status_code == 303
    assert not [text for text in answers_on(officer, enquiry).values() if "Changed" in text]


def test_a_wrong_number_is_said_until_it_is_corrected(officer, db, enquiry):
    home = f"/staff/fostering/{enquiry.public_ref}"
    typed = {"kind": "CALL_OUT", "outcome": "WRONG_NUMBER", "happened": "now"}
    officer.post_form(home, typed, action=f"{home}/contact")
    reach = officer.get(home).page.main.text
    assert "Wrong number since 23 Nov 2026: do not call it" in reach
    assert not [words for words in ("A voicemail is all right", "Voicemail was not asked") if words in reach]
    assert officer.post_form(page_of(enquiry), {"phone": "07700 900 456"}).status_code == 303
    assert stored(db, enquiry).phone_wrong_at is None
    officer.post_form(page_of(enquiry), {"phone_wrong": "yes"})
    assert stored(db, enquiry).phone_wrong_at is not None
    officer.post_form(page_of(enquiry), {"phone_wrong": None})
    assert stored(db, enquiry).phone_wrong_at is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Nothing is different from what is there"),
        ({"phone": "", "email": ""}, "Enter a phone number or an email address"),
        ({"phone": "", "contact_method": "PHONE"}, "Enter a phone number, or select email"),
        ({"phone": "01632 960 001", "contact_method": "TEXT"}, "A text message needs a mobile number"),
        ({"email": "", "contact_method": "EMAIL"}, "Enter an email address, or select another way"),
        ({"phone": "12"}, "Enter a phone number, like"),
        ({"last_name": ""}, "Enter their last name"),
        ({"first_name": "Al3x"}, "First name must only include letters"),
        ({"email": "nobody"}, "Enter an email address in the correct format"),
        ({"postcode": "SO15 2IK"}, "Enter a full UK postcode"),
    ],
)
def test_details_that_cannot_be_are_refused_and_nothing_changes(officer, db, enquiry, typed, message):
    answer = officer.post_form(page_of(enquiry), typed)
    assert answer.status_code == 422
    assert answer.page.errors[0].startswith(message)
    assert stored(db, enquiry).version == 1


def test_what_has_the_corrected_details_is_linked_once(officer, db, enquiry, at):
    with db.transaction() as session:
        twin = make_enquiry(session, phone="+447700900456", received_at=at - timedelta(days=9))
        judged = make_enquiry(session, phone="+447700900456", received_at=at - timedelta(days=8))
        pair = {"enquiry_id": judged.id, "other_id": enquiry.id, "matched_on": MatchedOn.EMAIL}
        session.add(PossibleDuplicate(**pair, state=DuplicateState.DIFFERENT))
    officer.post_form(page_of(enquiry), {"phone": "07700 900 456"})
    with db.reading() as session:
        pairs = session.scalars(select(PossibleDuplicate).order_by(PossibleDuplicate.id)).all()
    assert [(one.state, {one.enquiry_id, one.other_id}) for one in pairs] == [
        (DuplicateState.DIFFERENT, {judged.id, enquiry.id}),
        (DuplicateState.POSSIBLE, {twin.id, enquiry.id}),
    ]


def test_two_people_correcting_at_once_both_see_it(officer, db, enquiry):
    assert officer.post_form(page_of(enquiry), {"phone": "07700 900 456"}).status_code == 303
    stale = officer.post_form(page_of(enquiry), {"phone": "07700 900 789", "version": "1"})
    assert stale.status_code == 409
    assert stale.page.first("input", name="phone")["value"] == "07700 900 789"
    assert stored(db, enquiry).phone == "+447700900456"


def test_a_doubtful_enquiry_is_passed_and_its_other_flags_stay(officer, db, at):
    with db.transaction() as session:
        flags = ["F_ROOM", *sorted(QUARANTINE)]
        doubtful = make_enquiry(session, flags=flags, quarantined=True, received_at=at - timedelta(days=1))
    home = officer.get(f"/staff/fostering/{doubtful.public_ref}").page
    assert any(link.text.startswith("A person sent this") for link in home.all("a"))
    answer = officer.post_form(page_of(doubtful, "checked"), {"note": "Spoke to her"})
    assert "Checked: sent by a person" in officer.follow(answer).page.main.text
    assert (stored(db, doubtful).quarantined, stored(db, doubtful).flags) == (False, ["F_ROOM"])
    assert officer.get(page_of(doubtful, "checked")).status_code == 303


@pytest.mark.parametrize("typed", ["sian.long@example.org", " Sian.Long@Example.org "])
def test_a_household_that_writes_is_found_by_its_address(officer, db, typed):
    with db.transaction() as session:
        writes = make_enquiry(session, email="Sian.Long@example.org", first_name="Ann", last_name="Other")
        make_enquiry(session, email="long@example.org")
    found = officer.follow(officer.post_form("/staff/fostering/find", {"q": typed})).page.main
    rows = [row.text for row in found.all("tr") if "FOS-" in row.text]
    assert len(rows) == 1
    assert writes.public_ref in rows[0]


@pytest.mark.parametrize("typed", ["07700 900123", "+44 7700 900 123", "07700-900-123", "00447700900123"])
def test_a_household_is_found_by_phone(officer, enquiry, typed):
    answer = officer.post_form("/staff/fostering/find", {"q": typed})
    assert enquiry.public_ref in officer.follow(answer).page.main.text
