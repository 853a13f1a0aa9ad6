"""What the second person meets on the way from reading an advert to a decision, and the writer after it."""

from __future__ import annotations

import pytest
import time_machine

from portal.vacancies.options import Status
from tests.support.builders import AT, make_staff
from tests.vacancies.life.adverts import actor_of, make_in_state, sent_by

LIST = "/staff/vacancies"


@pytest.fixture
def writer(db):
    with db.transaction() as session:
        return make_staff(session, role="hr", name="Wilma Example")


@pytest.fixture
def waiting(db, writer):
    def make(**changes):
        with db.transaction() as session:
            vacancy = make_in_state(session, Status.PENDING_APPROVAL, **changes)
            sent_by(session, vacancy, actor_of(writer))
            return vacancy.reference

    return make


def addresses(page):
    return [link["href"] for link in page.main.all("a")]


def test_the_advert_is_read_before_it_is_decided_and_both_answers_are_side_by_side(sign_in, waiting):
    with time_machine.travel(AT, tick=False):
        reader, reference = sign_in("hr"), waiting()
        found = addresses(reader.get(f"{LIST}/{reference}").page)
        own = f"{LIST}/{reference}"
        assert found[:3] == [f"{own}/preview", f"{own}/approve", f"{own}/send-back"]
        assert found.count(f"{own}/send-back") == 1
        assert f"{own}/preview" in addresses(reader.get(f"{own}/approve").page)


def test_what_is_not_complete_can_still_be_sent_back(sign_in, waiting):
    with time_machine.travel(AT, tick=False):
        reference = waiting(postcode=None)
        found = addresses(sign_in("hr").get(f"{LIST}/{reference}").page)
        assert f"{LIST}/{reference}/send-back" in found
        assert f"{LIST}/{reference}/approve" not in found


def test_nobody_is_promised_as_reader_who_may_not_approve(sign_in, waiting, writer, db):
    with db.transaction() as session:
        manager = make_staff(session, role="hiring_manager", name="Mona Example")
    with time_machine.travel(AT, tick=False):
        client = sign_in("hr")
        for changes, named in (
            ({"hiring_manager_id": writer.id}, ""),
            ({"hiring_manager_name": "Sam Outside"}, ""),
            ({"hiring_manager_id": manager.id}, "Mona Example, or "),
        ):
            said = client.get(f"{LIST}/{waiting(**changes)}").page.main.text
            expected = f"{named}{'somebody' if named else 'Somebody'} in HR who did not write it"
            assert f"What happens next {expected}" in said, said


def test_the_writer_reads_what_should_be_changed_beside_the_writing_until_it_is_sent(
    sign_in, waiting, writer
):
    with time_machine.travel(AT, tick=False):
        reference = waiting()
        reader, author = sign_in("hr"), sign_in(person=writer)
        done = reader.post_form(
            f"{LIST}/{reference}/send-back", {"comment": "Say the caseload\n<b>first</b>"}
        )
        assert "The advert is sent back." in reader.follow(done).page.main.text
        writing = author.get(f"{LIST}/{reference}/write/").page.main.text
        assert "Say the caseload" in writing
        assert "<b>first</b>" in writing


def test_a_reason_is_optional_only_where_early_closing_was_announced(sign_in, db):
    with db.transaction() as session:
        announced = make_in_state(session, Status.OPEN, may_close_early=True).reference
        unannounced = make_in_state(session, Status.OPEN, may_close_early=False).reference
    with time_machine.travel(AT, tick=False):
        client = sign_in("hr")
        assert "early? (optional)" in client.get(f"{LIST}/{announced}/close").page.main.text
        assert "(optional)" not in client.get(f"{LIST}/{unannounced}/close").page.main.text


def test_the_home_page_counts_what_its_reader_may_approve(waiting, sign_in):
    client, other = sign_in("hiring_manager"), sign_in("hiring_manager")
    waiting(hiring_manager_id=client.person.id)
    assert "1 waiting for your approval" in client.get("/staff/").page.main.text
    assert "0 waiting for your approval" in other.get("/staff/").page.main.text
