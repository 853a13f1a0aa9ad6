"""Twenty families from their enquiry to an end, through Christmas, Easter and the change of clocks.

Every due time here was worked out by hand with a calendar of England’s bank holidays; after each step the
page of the household has to show it, and at the end of some days so has the queue for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from portal.fostering.models import Enquiry
from tests.fostering.households import PAGES, SEND
from tests.support.builders import make_staff
from tests.support.simulated import Simulated, simulated
from tests.support.smtp import SmtpServer
from tests.support.walk import Walk, walking

PASSWORD = "heron umbrella fjord 42"
OFFICER, MANAGER = "officer@example.org", "manager@example.org"
REFERENCE = re.compile(r"FOS-\d\d-[0-9A-Z]{5}")
NOTHING = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happens to a household, and what is due to it afterwards."""

    when: str
    what: str
    due: str = NOTHING
    typed: dict[str, Any] = field(default_factory=dict)
    by: str = OFFICER
    refused: str = ""


def enquires(when: str, due: str, **typed: Any) -> Step:
    return Step(when=when, what="enquire", due=due, typed=typed)


def contact(when: str, due: str, kind: str, outcome: str = "", **typed: Any) -> Step:
    chosen = {"kind": kind, **({"outcome": outcome} if outcome else {}), **typed}
    return Step(when=when, what="contact", due=due, typed=chosen)


def spoke(when: str, due: str) -> Step:
    return contact(when, due, "CALL_OUT", "SPOKE")


def move(when: str, due: str, stage: str, **typed: Any) -> Step:
    by = typed.pop("by", OFFICER)
    return Step(when=when, what=f"move/{stage}", due=due, typed=typed, by=by)


def closes(when: str, code: str, **typed: Any) -> Step:
    group = next(group for group in ("AW", "S1N", "ADN", "WS", "Q", "S", "X") if code.startswith(group))
    reason = "W" if group in {"S1N", "ADN", "WS"} else group
    chosen = {"reason": reason, f"code_{reason.lower()}": code, **typed}
    return Step(when=when, what="move/CL", typed=chosen)


def refused(step: Step, words: str) -> Step:
    """The same step, which cannot be: the page says so, and nothing is changed."""
    return Step(when=step.when, what=step.what, typed=step.typed, by=step.by, refused=words)


def on(name: str, day: str) -> dict[str, str]:
    """A date in its three fields."""
    year, month, number = day.split("-")
    return {f"{name}-year": year, f"{name}-month": month, f"{name}-day": number}


def visit(day: str, time: str, **typed: str) -> dict[str, str]:
    return {**on("visit_on", day), "visit_time": time, "visit_mode": "HOME", **typed}


def applied(*dues: str) -> list[Step]:
    """From the enquiry on 6 January to an application on 1 February."""
    return [
        enquires("2027-01-06 09:15", "7 Jan 2027, 5pm"),
        spoke("2027-01-07 11:00", "21 Jan 2027, 5pm"),
        move("2027-01-08 09:30", "15 Jan 2027, 5pm", "E40", **visit("2027-01-15", "10am")),
        move(
            "2027-01-15 13:00",
            "22 Jan 2027, 5pm",
            "E50",
            **visit("2027-01-15", "10am", visit_outcome="PROCEED"),
        ),
        move("2027-01-18 09:30", "1 Feb 2027, 5pm", "E60", **on("sent_on", "2027-01-18")),
        move("2027-02-01 09:30", "30 Jul 2027, 5pm", "A10", **on("received_on", "2027-02-01")),
    ]


STORIES: dict[str, list[Step]] = {
    # A couple, approved in six months: Christmas, Easter and summer time lie in between.
    "Ash": [
        enquires("2026-12-15 10:00", "16 Dec 2026, 5pm", enquirer_type="COUPLE"),
        spoke("2026-12-16 11:00", "4 Jan 2027, 5pm"),
        refused(
            move("2026-12-17 09:00", "", "E50", **visit("2026-12-17", "9am", visit_outcome="PROCEED")),
            "Initial visit booked",
        ),
        move("2026-12-17 09:30", "4 Jan 2027, 5pm", "E40", **visit("2027-01-04", "2pm")),
        # Gorse was closed as their second enquiry, whose promise of a call by the 18th they took over.
        spoke("2026-12-17 15:00", "4 Jan 2027, 5pm"),
        move(
            "2027-01-05 16:00",
            "12 Jan 2027, 5pm",
            "E50",
            **visit("2027-01-05", "2pm", visit_outcome="PROCEED"),
        ),
        move("2027-01-12 10:00", "26 Jan 2027, 5pm", "E60", **on("sent_on", "2027-01-12")),
        move("2027-01-20 10:00", "20 Jul 2027, 5pm", "A10", **on("received_on", "2027-01-20")),
        move("2027-01-25 10:00", "20 Jul 2027, 5pm", "A20", **on("started_on", "2027-01-25")),
        move("2027-03-22 10:00", "7 Apr 2027, 5pm", "A20", **on("complete_on", "2027-03-22")),
        move("2027-04-06 10:00", "20 Jul 2027, 5pm", "A20", **on("decided_on", "2027-04-06")),
        move("2027-04-07 10:00", "20 Jul 2027, 5pm", "A30", **on("started_on", "2027-04-07")),
        move(
            "2027-06-15 16:30",
            "24 Jun 2027, 5pm",
            "A40",
            **on("panel_on", "2027-06-15"),
            panel_recommendation="APPROVE",
        ),
        move("2027-06-22 10:00", "24 Jun 2027, 5pm", "A50", **on("decided_on", "2027-06-22")),
        refused(
            move("2027-06-22 10:30", "", "AP", **on("approved_on", "2027-06-22")),
            "Enter when the written notice of the decision went to them",
        ),
        move(
            "2027-06-22 15:00",
            "29 Jun 2027, 5pm",
            "A50",
            **on("decided_on", "2027-06-22"),
            **on("told_on", "2027-06-22"),
        ),
        move(
            "2027-06-23 10:00",
            NOTHING,
            "AP",
            **on("approved_on", "2027-06-22"),
            **on("notice_on", "2027-06-23"),
        ),
    ],
    # Carers of another service: a manager invites them without a visit.
    "Birch": [
        enquires(
            "2026-12-21 09:05",
            "22 Dec 2026, 5pm",
            fostering_status="approved_now",
            current_agency="A made-up agency",
        ),
        spoke("2026-12-22 15:00", "8 Jan 2027, 5pm"),
        refused(move("2027-01-04 10:00", "", "E60", **on("sent_on", "2027-01-04")), "manager"),
        move("2027-01-04 10:30", "18 Jan 2027, 5pm", "E60", **on("sent_on", "2027-01-04"), by=MANAGER),
        move("2027-01-18 10:00", "16 Jul 2027, 5pm", "A10", **on("received_on", "2027-01-18")),
        move("2027-01-25 10:30", "16 Jul 2027, 5pm", "A20", **on("started_on", "2027-01-25")),
        move(
            "2027-03-01 10:00",
            "16 Jul 2027, 5pm",
            "A30",
            **on("started_on", "2027-03-01"),
            **on("complete_on", "2027-02-26"),
            **on("decided_on", "2027-03-01"),
        ),
        move(
            "2027-05-10 10:00",
            "19 May 2027, 5pm",
            "A40",
            **on("panel_on", "2027-05-10"),
            panel_recommendation="APPROVE",
        ),
        move("2027-05-17 10:00", "19 May 2027, 5pm", "A50", **on("decided_on", "2027-05-17")),
        move(
            "2027-05-18 10:00",
            "15 Jun 2027, 5pm",
            "A50",
            **on("decided_on", "2027-05-17"),
            **on("told_on", "2027-05-17"),
            **on("notice_on", "2027-05-18"),
        ),
        move(
            "2027-05-18 10:10",
            NOTHING,
            "AP",
            **on("approved_on", "2027-05-18"),
            **on("notice_on", "2027-05-18"),
        ),
    ],
    # Kept in touch until Easter Monday, when nobody is in; then not the right time after all.
    "Cedar": [
        enquires("2026-12-17 18:30", "21 Dec 2026, 5pm"),
        spoke("2026-12-21 12:00", "7 Jan 2027, 5pm"),
        refused(
            move("2026-12-21 12:30", "", "KIT", **on("kit_review_on", "2026-12-21")),
            "The review date must be in the future",
        ),
        move("2026-12-21 12:40", "30 Mar 2027, 5pm", "KIT", **on("kit_review_on", "2027-03-29")),
        move("2027-03-30 10:00", "31 Mar 2027, 5pm", "E20"),
        spoke("2027-03-31 10:00", "14 Apr 2027, 5pm"),
        closes("2027-04-01 10:00", "Q09"),
    ],
    "Dogwood": [
        enquires("2026-12-24 16:30", "29 Dec 2026, 5pm"),
        contact("2026-12-29 10:00", "31 Dec 2026, 5pm", "CALL_OUT", "NO_ANSWER"),
        spoke("2026-12-31 10:00", "15 Jan 2027, 5pm"),
        move("2027-01-04 11:00", "1 Jul 2027, 5pm", "KIT", **on("kit_review_on", "2027-07-01")),
    ],
    "Elder": [
        enquires("2026-12-25 09:00", "30 Dec 2026, 5pm"),
        spoke("2026-12-30 10:00", "14 Jan 2027, 5pm"),
        move("2026-12-30 10:30", "28 May 2027, 5pm", "KIT", **on("kit_review_on", "2027-05-28")),
        move("2027-05-28 10:00", "1 Dec 2027, 5pm", "KIT", **on("kit_review_on", "2027-12-01")),
    ],
    # Nobody answers: three tries, one in writing, fifteen working days.
    "Fir": [
        enquires("2027-01-04 09:00", "5 Jan 2027, 5pm", voicemail_ok="yes"),
        contact("2027-01-05 10:00", "7 Jan 2027, 5pm", "CALL_OUT", "NO_ANSWER"),
        contact("2027-01-07 14:00", "7 Jan 2027, 5pm", "CALL_OUT", "VOICEMAIL"),
        refused(closes("2027-01-08 09:00", "X01"), "Try at least 3 times"),
        contact("2027-01-08 09:30", "26 Jan 2027, 5pm", "EMAIL"),
        refused(closes("2027-01-12 09:30", "X01"), "They have until 26 January 2027 to answer"),
        closes("2027-01-27 09:00", "X01"),
    ],
    "Gorse": [
        enquires("2026-12-16 20:00", "18 Dec 2026, 5pm", email="ash@example.com"),
        refused(closes("2026-12-17 13:00", "X02"), "Enter the reference of the enquiry that stays"),
        closes("2026-12-17 13:10", "X02", original="Ash"),
    ],
    "Hazel": [enquires("2026-12-18 16:59", "21 Dec 2026, 5pm"), closes("2026-12-21 09:15", "X03")],
    "Ivy": [
        enquires("2026-12-18 17:01", "22 Dec 2026, 5pm"),
        spoke("2026-12-21 16:00", "7 Jan 2027, 5pm"),
        closes("2026-12-21 16:10", "X04"),
    ],
    "Juniper": [
        enquires("2026-12-19 12:00", "22 Dec 2026, 5pm"),
        refused(closes("2026-12-21 16:20", "AW1"), "Select"),
        closes("2026-12-21 16:30", "X08"),
    ],
    "Larch": [
        enquires("2026-12-23 17:00", "29 Dec 2026, 5pm"),
        spoke("2026-12-24 09:30", "12 Jan 2027, 5pm"),
        closes("2026-12-24 09:40", "Q01", note="They asked for adoption, then for nothing."),
    ],
    "Maple": [
        enquires("2026-12-31 16:59", "4 Jan 2027, 5pm"),
        spoke("2027-01-04 12:00", "18 Jan 2027, 5pm"),
        move("2027-01-04 12:10", "6 Jan 2027, 6:30pm", "E40", **visit("2027-01-06", "6:30pm")),
        move(
            "2027-01-07 09:00",
            "14 Jan 2027, 5pm",
            "E50",
            **visit("2027-01-06", "6:30pm", visit_outcome="NOT_NOW"),
        ),
        closes("2027-01-08 10:00", "Q08"),
    ],
    "Nettle": [
        enquires("2027-01-01 11:00", "5 Jan 2027, 5pm", spare_bedroom="no"),
        spoke("2027-01-05 09:30", "19 Jan 2027, 5pm"),
        closes("2027-01-05 09:40", "S02"),
    ],
    "Oak": [
        enquires("2027-01-02 11:00", "5 Jan 2027, 5pm"),
        spoke("2027-01-05 10:30", "19 Jan 2027, 5pm"),
        refused(closes("2027-01-05 10:40", "S09", note="Words about health"), "Leave the note empty"),
        closes("2027-01-05 10:50", "S09"),
    ],
    "Pine": [
        enquires("2027-01-03 23:59", "5 Jan 2027, 5pm"),
        spoke("2027-01-05 11:30", "19 Jan 2027, 5pm"),
        closes("2027-01-05 11:40", "S10"),
    ],
    # Closed and opened again: the first day stays.
    "Rowan": [
        enquires("2027-03-25 16:00", "30 Mar 2027, 5pm"),
        spoke("2027-03-30 09:30", "13 Apr 2027, 5pm"),
        closes("2027-03-30 09:40", "Q00"),
        move("2027-04-30 16:00", "4 May 2027, 5pm", "E20", note="They called: now they would like to."),
        spoke("2027-05-04 09:30", "18 May 2027, 5pm"),
        closes("2027-05-04 09:40", "Q05"),
    ],
    "Sorrel": [
        *applied(),
        move("2027-02-02 09:30", "30 Jul 2027, 5pm", "A20", **on("started_on", "2027-02-02")),
        refused(closes("2027-02-15 10:00", "Q04"), "Select"),
        closes("2027-02-15 10:10", "AW4"),
    ],
    "Thorn": [
        *applied(),
        move("2027-02-02 09:40", "30 Jul 2027, 5pm", "A20", **on("started_on", "2027-02-02")),
        refused(closes("2027-02-16 10:00", "S1N"), "Record the decision after Stage 1"),
        move("2027-03-24 10:00", "9 Apr 2027, 5pm", "A20", **on("complete_on", "2027-03-24")),
        move("2027-04-09 10:00", "30 Jul 2027, 5pm", "A20", **on("decided_on", "2027-04-09")),
        closes("2027-04-09 10:10", "S1N"),
    ],
    "Willow": [
        *applied(),
        move("2027-02-02 09:50", "30 Jul 2027, 5pm", "A20", **on("started_on", "2027-02-02")),
        move(
            "2027-03-01 11:00",
            "30 Jul 2027, 5pm",
            "A30",
            **on("started_on", "2027-03-01"),
            **on("complete_on", "2027-02-26"),
            **on("decided_on", "2027-03-01"),
        ),
        move(
            "2027-05-24 10:00",
            "3 Jun 2027, 5pm",
            "A40",
            **on("panel_on", "2027-05-24"),
            panel_recommendation="NOT_APPROVE",
        ),
        move("2027-05-27 10:00", "1 Jun 2027, 5pm", "A50", **on("decided_on", "2027-05-27")),
        refused(closes("2027-05-28 09:30", "ADN"), "Record when they were told in writing"),
        move(
            "2027-05-28 09:40",
            "4 Jun 2027, 5pm",
            "A50",
            **on("decided_on", "2027-05-27"),
            **on("told_on", "2027-05-28"),
        ),
        move(
            "2027-05-28 10:30",
            "25 Jun 2027, 5pm",
            "A50",
            **on("decided_on", "2027-05-27"),
            **on("told_on", "2027-05-28"),
            **on("notice_on", "2027-05-28"),
        ),
        closes("2027-06-25 11:00", "ADN"),
    ],
    "Yew": [*applied(), closes("2027-02-17 10:00", "WS")],
}
"""Who enquires, and what becomes of them. Three dozen due times more are in tests/fostering."""

CHECKED_AFTER = ("2026-12-24", "2027-01-08", "2027-02-17", "2027-03-31", "2027-05-28", "2027-07-01")
"""Days at whose end the queue has to show everybody’s due time."""

ENDS = {"APPROVED": {"Ash", "Birch"}, "KEEP_IN_TOUCH": {"Dogwood", "Elder"}}


class Service:
    """The families and the team, each in a browser window, in a portal whose clock the test moves."""

    def __init__(self, portal: Simulated, families: Walk, team: Walk) -> None:
        self.portal, self.families, self.team = portal, families, team
        self.references: dict[str, str] = {}
        self.dues: dict[str, str] = {}
        self.signed_in = ""

    def take(self, family: str, step: Step) -> None:
        """One step of one family, and the due time that it leads to."""
        self.portal.go_to(step.when)
        if step.what == "enquire":
            self.enquire(family, step)
        else:
            self.work(family, step)

    def enquire(self, family: str, step: Step) -> None:
        """The family’s own pages, without JavaScript, on a phone, half a minute a page."""
        number = list(STORIES).index(family)
        mine = {
            "first_name": "Specimen",
            "last_name": family,
            "second_last_name": family,
            "email": f"{family.lower()}@example.com",
            "phone": f"07700 9001{number:02}",
            "enquirer_type": "ONE_PERSON",
            **step.typed,
        }
        walk = self.families
        walk.context.clear_cookies()
        walk.open("/fostering")
        walk.follow("Ask about fostering")
        walk.press("Start now")
        for _slug, answers in PAGES:
            asked = {name for name in answers if walk.page.locator(f'[name="{name}"]').count()}
            walk.answer({name: mine.get(name, value) for name, value in answers.items() if name in asked})
            self.portal.wait(6)
            walk.press("Continue")
        walk.answer(SEND)
        walk.press(re.compile("Send|Accept"))
        found = REFERENCE.search(walk.page.content())
        assert found, walk.page.content()
        self.references[family] = found[0]
        self.dues[family] = step.due

    def work(self, family: str, step: Step) -> None:
        """What the team does on the household’s pages."""
        reference, walk = self.references[family], self.team
        self.sign_in(step.by)
        address = f"/staff/fostering/{reference}"
        walk.open(address if step.what == "contact" else f"{address}/{step.what}", self.shown(step))
        if walk.response is not None and walk.response.status == 409:
            assert step.refused in said(walk)
            return
        if step.refused == "Select":
            code = next(value for name, value in step.typed.items() if name.startswith("code_"))
            assert walk.page.locator(f'option[value="{code}"]').count() == 0
            return
        typed = dict(step.typed)
        if "original" in typed:
            typed["original"] = self.references[typed["original"]]
        walk.answer(typed)
        button = walk.page.locator('main form[method="post"] button').last
        walk.press(button.inner_text(), 422 if step.refused else 200)
        if step.refused:
            assert step.refused in said(walk)
        else:
            self.dues[family] = step.due
        walk.open(address)
        assert self.dues[family] in fact(walk, "Next action due"), f"{family} after {step.when}"

    def shown(self, step: Step) -> int:
        """Steps that are not on offer answer with the reason."""
        return 409 if step.refused in {"Initial visit booked", "manager"} else 200

    def sign_in(self, person: str) -> None:
        """Whoever works, on a day when the session of the day before has ended."""
        walk = self.team
        walk.open("/staff/")
        if urlsplit(walk.page.url).path == "/staff/" and self.signed_in == person:
            return
        if urlsplit(walk.page.url).path == "/staff/":
            walk.press("Sign out")
            walk.open("/staff/")
        walk.answer({"email": person, "password": PASSWORD})
        walk.press("Sign in")
        self.signed_in = person

    def queue(self) -> dict[str, str]:
        """What the queue shows of each household, by its name."""
        found: dict[str, str] = {}
        for which in ("OPEN", "KEEP_IN_TOUCH"):
            self.team.open(f"/staff/fostering?which={which}")
            for row in self.team.page.locator("main tbody tr").all():
                name = row.locator("th a").inner_text().split()[-1]
                found[name] = row.locator('[data-label="Next action due"]').inner_text()
        return found


def said(walk: Walk) -> str:
    """The words of the page."""
    return walk.page.get_by_role("main").inner_text()


def fact(walk: Walk, name: str) -> str:
    """A key fact of the page."""
    place = walk.page.locator("main dt", has_text=re.compile(f"^{name}$")).first
    return place.locator("xpath=following-sibling::dd[1]").inner_text()


@pytest.fixture
def service(browser: Browser, tmp_path: Path, smtp: SmtpServer) -> Iterator[Service]:
    """The portal on the eve of it all, its team, and two windows."""
    with simulated(tmp_path, smtp, "2026-12-15 08:00") as portal:
        with portal.database.transaction() as session:
            make_staff(session, role="fostering", email=OFFICER, password=PASSWORD)
            make_staff(session, role="fostering_manager", email=MANAGER, password=PASSWORD)
        with (
            walking(browser, portal.base_url, "phone", scripts=False) as families,
            walking(browser, portal.base_url, "desktop", scripts=True) as team,
        ):
            yield Service(portal, families, team)


def test_twenty_families_over_weeks_and_holidays(service: Service) -> None:
    assert len(STORIES) == 20
    steps = sorted(
        ((step.when, family, step) for family, story in STORIES.items() for step in story),
        key=lambda s: s[:2],
    )
    waiting = list(CHECKED_AFTER)
    for number, (when, family, step) in enumerate(steps):
        service.take(family, step)
        following = steps[number + 1][0] if number + 1 < len(steps) else "9999"
        if waiting and when[:10] <= waiting[0] < following[:10]:
            day = waiting.pop(0)
            service.portal.go_to(f"{day} 23:30")
            service.sign_in(OFFICER)
            agrees(service.queue(), service.dues, day)
    assert not waiting
    with service.portal.database.reading() as session:
        rows = session.execute(select(Enquiry.last_name, Enquiry.status, Enquiry.received_at)).all()
    found: dict[str, set[str]] = {}
    for name, status, _received in rows:
        found.setdefault(status.value, set()).add(name)
    closed = set(STORIES) - ENDS["APPROVED"] - ENDS["KEEP_IN_TOUCH"]
    assert found == {**ENDS, "CLOSED": closed}


def agrees(queue: dict[str, str], dues: dict[str, str], day: str) -> None:
    """Everybody to whom something is due is there, with the due time, and nobody else."""
    owed = {family: due for family, due in dues.items() if due}
    assert set(queue) == set(owed), day
    for family, due in owed.items():
        moment = due.rpartition(", ")
        assert due in queue[family] or ("Today" in queue[family] and moment[2] in queue[family]), (
            family,
            day,
        )
