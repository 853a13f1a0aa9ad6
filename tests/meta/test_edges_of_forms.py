"""Naughty strings in every field of every form: never a 5xx, on both databases.

Every page that somebody with all roles can open is visited; each of its forms is sent with each string in
each field for free text, and with what can upset a choice, a number or a hidden mark in all fields at once.
"""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core.database import Database
from tests.support.client import CONTROLS, SAME_ORIGIN, JudgingClient, Value, field_values
from tests.support.edges import body_of, fine, pages
from tests.support.markup import Element
from tests.support.naughty import NAUGHTY
from tests.support.samples import Samples

KEPT = {"csrf_token", "form_end"}
FORM = "application/x-www-form-urlencoded"

NOT_FOR_PROSE = (
    "",
    "a\x00b",
    "\ud800",
    "田中さん 𠜎𠜱 👩‍👩‍👧‍👦 Nguyễn Thị Ánh عمر بن الخطاب Siân Llŷr",
    "² ٣ ৩ ３",
    "-1",
    "1e9999",
    "9" * 400,
    str(2**63),
    "'; DROP TABLE fostering_enquiries; --",
    "Subject: x\r\nBcc: y@example.com\u2028\u2029\x85",
    "//evil.example",
)
"""Of the strings, those that differ for a field whose value we gave ourselves."""


def is_text(form: Element, name: str) -> bool:
    """Whether people type freely into a field."""
    kinds = {
        c.get("type", "text") if c.tag == "input" else c.tag
        for c in form.all(*CONTROLS)
        if c.get("name") == name
    }
    return not kinds & {"hidden", "radio", "checkbox", "select", "submit"}


def sendings(form: Element, *, text_only: bool) -> list[dict[str, Value]]:
    """Bodies in which every field meets every string once."""
    plain = field_values(form)
    names = [name for name in plain if name not in KEPT and (not text_only or is_text(form, name))]
    for control in form.all(*CONTROLS):
        name = control.get("name")
        if name and name not in plain and not text_only:
            names.append(name)
    if not names:
        return []
    strings = NAUGHTY if text_only else NOT_FOR_PROSE
    return [
        {**plain, **{name: strings[(turn + place * 5) % len(strings)] for place, name in enumerate(names)}}
        for turn in range(len(strings))
    ]


def send(client: JudgingClient, form: Element, path: str, data: dict[str, Value]) -> None:
    """Send a form as it is, whatever is in it."""
    target = form.get("action") or path
    encoded = {name: value for name, value in data.items() if value is not None}
    if form.get("method").casefold() == "post":
        fine(client.post(target, data=body_of(encoded), headers=SAME_ORIGIN, content_type=FORM), str(data))
    else:
        fine(client.get(f"{target.split('?')[0]}?{body_of(encoded).decode()}"), str(data))


@pytest.mark.parametrize("text_only", [False, True], ids=["all fields", "free text"])
def test_naughty_strings_in_every_form(
    text_only: bool, app: Flask, db: Database, everybody: JudgingClient
) -> None:
    samples = Samples(db)
    met: set[str] = set()
    for path in pages(app, samples):
        answer = everybody.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in answer.page.all("form"):
            target = form.get("action") or path
            if target in met or target == "/staff/sign-out":
                continue
            met.add(target)
            for data in sendings(form, text_only=text_only):
                send(everybody, form, path, data)
    assert len(met) > 15
    assert set(NOT_FOR_PROSE) <= set(NAUGHTY)
