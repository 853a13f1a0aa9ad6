"""A visitor books places at an information event, and the team announces one and looks after who comes."""

from __future__ import annotations

import re

from tests.e2e.adverts import go, said
from tests.e2e.test_staff import sign_in
from tests.support.live import Live
from tests.support.walk import Walk
from tests.vacancies.writing.pages import in_days, on

PUBLIC = "/fostering/events"
EVENTS = "/staff/fostering/events"


def open_first(walk: Walk, at: str) -> str:
    """The first event that the list leads to; its reference."""
    walk.open(at)
    link = walk.page.get_by_role("main").locator(f'a[href^="{at}/EVT"]').first
    address = str(link.get_attribute("href"))
    walk.open(address)
    return address.rpartition("/")[2]


def test_a_visitor_books_a_place(hr_walk: Walk, first_look_portal: Live) -> None:
    walk = hr_walk
    open_first(walk, PUBLIC)
    assert "This event is full" in said(walk)
    walk.follow(re.compile("12:30pm"))
    walk.follow("Book a place")
    walk.press("Book", status=422)
    answers = {"first_name": "Siân", "last_name": "O’Dé-Ros", "email": f"sian.{walk.size}@example.com"}
    walk.answer({**answers, "phone": "07700 900456", "people": "2", "access_needs": "Step-free access"})
    walk.press("Book")
    assert "You have booked" in said(walk)


def announce(walk: Walk) -> None:
    """Left empty, then an evening with room for three."""
    walk.open(EVENTS)
    go(walk, "Announce an event")
    walk.press("Announce", status=422)
    walk.answer({"mode": "VENUE", "title": "Coffee and questions", **on("day", in_days(9))})
    walk.answer({"begins": "6pm", "ends": "7:30pm", "place": "Central Library SO14 7LW", "capacity": "3"})
    walk.press("Announce")
    assert "The event is announced" in said(walk)


def book_for_a_caller(walk: Walk, person: str) -> None:
    """Somebody without an enquiry."""
    walk.follow("Book places for somebody who calls")
    walk.press("Book", status=422)
    walk.answer({"first_name": person, "last_name": "Specimen", "phone": "07700 900456", "people": "1"})
    walk.press("Book")
    assert "Booked" in said(walk)


def book_for_a_household(walk: Walk) -> None:
    """From the page of an enquiry."""
    walk.open("/staff/fostering")
    households = walk.page.get_by_role("main").locator('a[href^="/staff/fostering/FOS"]')
    household = households.first if walk.size == "phone" else households.last
    walk.open(str(household.get_attribute("href")))
    walk.follow("Book places at an event")
    walk.press("Book", status=422)
    walk.page.locator("[name=event]").last.check()
    walk.answer({"people": "1"})
    if walk.page.locator("[name=writes]").count():
        walk.answer({"writes": "no"})
    walk.press("Book")
    walk.follow(re.compile("6pm"))


def test_the_team_announces_an_event_and_looks_after_who_comes(
    hr_walk: Walk, first_look_portal: Live
) -> None:
    walk = hr_walk
    sign_in(walk, first_look_portal, "fostering")
    announce(walk)
    event = walk.page.url.partition("?")[0]
    book_for_a_caller(walk, "Bronwen")
    book_for_a_caller(walk, "Łukasz")
    walk.follow("Cancel the places of Łukasz Specimen")
    walk.press("Cancel the booking")
    assert "Places given back" in said(walk)
    walk.follow("Find or make one for Bronwen Specimen")
    walk.press("Save", status=422)
    walk.answer({"enquiry": "OTHER"})
    walk.press("Save", status=422)
    walk.answer({"enquiry": "NEW"})
    walk.press("Save")
    walk.open(event)
    walk.open(f"{event}/attendance")
    walk.follow("Back to the event")
    walk.follow("Change the event")
    walk.answer({"ends": "5pm"})
    walk.press("Save", status=422)
    walk.answer({"ends": "8pm"})
    walk.press("Save")
    walk.follow("Cancel the event")
    walk.answer({"cancel_note": "x" * 301})
    walk.press("Cancel the event", status=422)
    walk.answer({"cancel_note": "The hall is closed"})
    walk.press("Cancel the event")
    walk.follow("See the public page")
    assert "This event has been cancelled. The hall is closed" in said(walk)


def test_the_team_books_for_a_household_and_records_who_came(hr_walk: Walk, first_look_portal: Live) -> None:
    walk = hr_walk
    sign_in(walk, first_look_portal, "fostering")
    book_for_a_household(walk)
    walk.open(EVENTS)
    over = walk.page.get_by_role("table", name="Over").get_by_role("link").last
    walk.open(str(over.get_attribute("href")))
    walk.follow(re.compile("who came$"))
    walk.page.locator("[name=came]").last.click()
    walk.press("Save who came")
    assert "Attendance recorded" in said(walk)
