"""A household asks about fostering, in a browser: on a phone and a desktop, with and without JavaScript."""

from __future__ import annotations

import re
import time
from pathlib import Path

from tests.e2e.conftest import Start
from tests.fostering.households import PAGES, SEND
from tests.support.live import Live

REFERENCE = re.compile(r"FOS-\d\d-[0-9A-Z]{5}")


def mail_naming(folder: Path, reference: str, seconds: float = 20) -> str:
    """The mail file with this reference, once the worker has written it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for file in folder.glob("*.eml"):
            if reference in (text := file.read_text()) and "zoe.specimen@" in text.casefold():
                return text
        time.sleep(0.05)
    raise AssertionError(f"no mail names {reference}")


def test_a_household_enquires(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        walk.open("/fostering")
        walk.follow("Ask about fostering")
        walk.press("Start now")
        for slug, answers in PAGES:
            assert walk.page.url.split("?")[0].endswith(slug)
            walk.press("Continue", status=422)  # nothing answered: every question says so
            walk.answer(answers)
            walk.press("Continue")
        assert "heck" in walk.h1
        walk.press(re.compile("Send|Accept"), status=422)
        walk.answer(SEND)
        walk.press(re.compile("Send|Accept"))
        found = REFERENCE.search(walk.page.content())
        assert found, walk.page.content()
        walk.open("/fostering/enquire/check-answers")  # going back leads to the same confirmation
        assert found[0] in walk.page.content()
        mail = mail_naming(first_look_portal.instance / "mail", found[0])
        assert "Zoë" not in mail
        assert "Specimen" not in mail.partition("\n\n")[2]


def test_an_answer_is_changed_and_all_are_deleted(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        for slug, answers in PAGES:
            walk.open(f"/fostering/enquire/{slug}")
            walk.answer(answers)
            walk.press("Continue")
        walk.open("/fostering/enquire/")
        assert walk.h1 == "Answers that were not sent"
        walk.press("Go on with these answers")
        walk.follow(re.compile("^Change"))
        walk.press("Continue")
        assert "/check-answers" in walk.page.url
        walk.open("/fostering/enquire/delete-answers")
        walk.press(re.compile("Delete"))
        walk.open("/fostering/enquire/check-answers")
        assert walk.page.url.split("?")[0].endswith(PAGES[0][0])


def test_a_service_is_asked_for_when_it_matters_and_emoji_count_once(
    start: Start, first_look_portal: Live
) -> None:
    with start(first_look_portal) as walk:
        walk.open("/fostering/enquire/fostering-and-you")
        box = walk.page.locator('[name="current_agency"]')
        for status, shown in (
            ("never", False),
            ("approved_now", True),
            ("applied_before", False),
            ("approved_earlier", True),
            ("approved_last_12m", True),
        ):
            walk.answer({**PAGES[0][1], "fostering_status": status})
            assert box.is_visible() is (shown or not walk.scripts)  # without scripts it stands there always
        walk.press("Continue", status=422)
        walk.answer({"current_agency": "A made-up agency"})
        walk.press("Continue")
        if walk.scripts:
            walk.answer({"motivation": "👋" * 999})
            walk.page.get_by_text("You have 1 character remaining").first.wait_for()
        walk.answer({**PAGES[1][1], "motivation": "👋" * 1000})
        walk.press("Continue")
