"""A message to a family, and the page where a household asks for its link, in a browser."""

from __future__ import annotations

import re

from tests.e2e.conftest import Start
from tests.e2e.test_staff import sign_in
from tests.support.live import Live


def test_a_family_is_written_to(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        sign_in(walk, first_look_portal, "fostering")
        walk.open("/staff/fostering?stage=E20")
        main = walk.page.get_by_role("main")
        home = main.locator('a[href^="/staff/fostering/FOS"]').first.get_attribute("href")
        assert home
        new = f"{home.partition('?')[0]}/messages/new"
        walk.open(new)
        walk.press("Continue", status=422)
        walk.answer({"kind": "ARRANGE_CALL"})
        walk.press("Continue")
        assert "Exactly what will be sent" in main.inner_text()
        message = walk.page.url
        walk.open(f"{message}/edit")
        walk.answer({"subject": ""})
        walk.press("Save", status=422)
        walk.open("/staff/fostering/messages")
        walk.open("/staff/fostering/first-answers")
        assert walk.page.get_by_role("main").get_by_role("heading", name="Information packs to send").count()
        walk.open("/staff/fostering/today")
        walk.open(f"{message}/drop")
        walk.press("Delete this draft")


def test_a_household_asks_for_its_link(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        walk.open("/fostering/your-enquiry")
        walk.press("Send the link", status=422)
        walk.answer({"email": "nobody@example.com"})
        walk.press(re.compile("Send the link"))
        assert "Check your email" in walk.page.get_by_role("main").inner_text()
