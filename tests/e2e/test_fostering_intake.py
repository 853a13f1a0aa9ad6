"""Staff enter an enquiry that came by phone, go through the first call, and pass a concern on."""

from __future__ import annotations

import re

from tests.e2e.conftest import Start
from tests.e2e.test_staff import sign_in
from tests.support.live import Live
from tests.support.walk import Walk

WROTE = "Our own two have left home and the house is quiet."


def enter(walk: Walk) -> str:
    """One enquiry with little said; gives its page’s address."""
    walk.open("/staff/fostering")
    walk.follow("Enter an enquiry")
    if walk.page.get_by_role("link", name="Delete it and begin again").count():
        walk.follow("Delete it and begin again")
        walk.press("Delete it")
        walk.follow("Enter an enquiry")
    elif walk.page.get_by_role("button", name="Enter another enquiry").count():
        walk.press("Enter another enquiry")
    walk.press("Start")
    walk.press("Continue", status=422)
    walk.answer({"channel": "HUB", "arrived": "earlier"})
    walk.press("Continue", status=422)
    walk.answer({"channel": "PHONE", "arrived": "now"})
    walk.press("Continue")
    walk.press("Continue")
    walk.answer({"motivation": WROTE})
    walk.press("Continue")
    walk.press("Continue")
    walk.press("Continue", status=422)
    walk.answer({"heard_from": "NOT_STATED"})
    walk.press("Continue")
    walk.press("Continue", status=422)
    walk.answer({"first_name": "Noor", "last_name": "Specimen", "phone": "07700 900456"})
    walk.press("Continue")
    walk.press("Save this enquiry", status=422)
    walk.answer({"notice_given": "yes"})
    walk.press("Save this enquiry")
    walk.follow("Go to the enquiry")
    return walk.page.url


def test_an_enquiry_is_entered_called_and_handed_over(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        sign_in(walk, first_look_portal, "fostering")
        home = enter(walk)
        walk.follow("Checklist for the initial call")
        walk.press("Save the checklist", status=422)
        walk.answer({"bedroom": "FINE", "known_to_services": "TO_CASE_SYSTEM", "result": "SEND_INFO"})
        walk.press("Save the checklist")
        assert "written in the case system" in walk.page.get_by_role("main").inner_text()
        walk.open(home)
        walk.follow(re.compile("Hand over"))
        walk.press("Record the hand-over", status=422)
        walk.answer({"direction": "TO_COUNCIL", "council_name": "Portsmouth", "closes": "no"})
        walk.press("Record the hand-over")
        assert "Passed to the hub" in walk.page.get_by_role("main").inner_text()
        walk.press("Sign out")


def test_a_concern_is_passed_on_and_the_record_restricted(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        sign_in(walk, first_look_portal, "fostering_manager")
        home = enter(walk)
        walk.follow(re.compile("Read it, and say"))
        walk.press("Save", status=422)
        walk.answer({"verdict": "CONCERN"})
        walk.press("Save")
        walk.open(home)
        walk.open("/staff/fostering")
        assert "not passed on yet" in walk.page.get_by_role("main").inner_text()
        walk.open(home)
        walk.follow("Whom to tell, and record that you told them")
        walk.answer({"passed": "earlier"})
        walk.press("Record that it was passed on", status=422)
        walk.answer({"passed_to": "LADO", "passed": "now"})
        walk.press("Record that it was passed on")
        walk.follow("Raise a concern")
        walk.open("/staff/fostering/restricted")
        walk.follow(re.compile("Change who can read"))
        for box in walk.page.locator('[name="readers"]').all():
            box.uncheck()
        walk.press("Save who can read it", status=422)
        walk.open(home)
        walk.follow("Let the whole team read it again")
        walk.press("Let the whole team read it", status=422)
        walk.answer({"note": "Settled"})
        walk.press("Let the whole team read it")
        walk.press("Sign out")
