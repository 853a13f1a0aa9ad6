"""A candidate turns a search into an alert, confirms it from the mail, changes, pauses and stops it."""

from __future__ import annotations

import re
import secrets
import time
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

from tests.e2e.conftest import Start
from tests.support.live import Live


def link_in_mail(folder: Path, to: str, kind: str, seconds: float = 20) -> str:
    """The path of the link of this kind in a mail to this address, once the worker has written it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for file in folder.glob("*.eml"):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            if mail["To"] != to:
                continue  # others’ mail may have attachments
            found = re.search(rf"https?://\S+/alerts/{kind}/\S+", mail.get_content())
            if found:
                return urlsplit(found[0]).path
        time.sleep(0.05)
    raise AssertionError(f"no mail to {to} has such a link")


def test_from_a_search_to_an_alert_and_its_end(start: Start, first_look_portal: Live) -> None:
    mails, to = first_look_portal.instance / "mail", f"asha-{secrets.token_hex(4)}@example.com"
    with start(first_look_portal) as walk:
        walk.open("/vacancies?q=psychologist&contract=permanent")
        walk.follow(re.compile("^(Email me new vacancies|Get an email)"))
        walk.press("Continue", status=422)
        walk.answer({"email": to, "frequency": "daily"})
        walk.press("Continue")
        assert walk.h1 == "Check your email"
        confirm = link_in_mail(mails, to, "confirm")
        walk.open(confirm)
        walk.press("Start the alert")
        own = urlsplit(walk.page.url).path
        assert "Your alert has started" in walk.page.content()
        walk.open(confirm, status=410)

        walk.open(own)
        walk.answer({"frequency": "weekly"})
        walk.press("Save")
        walk.follow("Change what we look for")
        walk.page.fill("#q", "social worker")
        walk.press("Search")
        walk.press("Use this search")
        assert "“social worker”" in walk.page.content()
        walk.press("Pause this alert")
        walk.press("Start it again")

        walk.open("/alerts/find")
        walk.press("Send the link", status=422)
        walk.answer({"email": to})
        walk.press("Send the link")
        walk.open(link_in_mail(mails, to, "all"))
        walk.follow(re.compile("social worker"))
        walk.follow("Stop this alert")
        walk.press("Stop this alert")
        walk.follow("tell us why")
        walk.press("Send", status=422)
        walk.answer({"reason": "found_here"})
        walk.press("Send")
        assert walk.h1 == "Thank you"
        walk.open(own, status=410)
