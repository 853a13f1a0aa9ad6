"""Made-up households whose whole story the tests know, so that they can count them without the portal."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.fostering.closures import Closure
from portal.fostering.models import HistoryEntry
from portal.fostering.options import Area, Channel, HeardFrom, HistoryKind, Stage, Status
from tests.support.builders import make_enquiry

NOW = datetime(2027, 9, 20, 9, 0, tzinfo=UTC)
LEFT_OUT = {"X02", "X03", "X04", "X05", "X06", "X07", "X09"}
"""Reasons for closing that the portal’s own rules do not count."""
FIRST = date(2025, 2, 1)
ADMIN = ["X01", "X02", "X03", "X04", "X05", "X06", "X07", "X09", "Q03", "S02"]
ENDS = ["AW1", "AW2", "AW3", "AW4", "AW5", "AW0", "WS", "S1N", "ADN", "AP"]
AREAS = [Area.SOTON, Area.SOTON, Area.SOTON, Area.HANTS, Area.HANTS, Area.PORTS]


@dataclass
class Applied:
    """An application as it happened."""

    on: date
    ended: date | None = None
    outcome: str = ""
    panel: date | None = None
    decided: date | None = None


@dataclass
class Story:
    """A household as it happened; days are London days."""

    received: datetime
    channel: Channel
    source: HeardFrom | None
    area: Area
    hub: bool
    household: str
    attempt: datetime | None = None
    due: datetime | None = None
    talked: datetime | None = None
    visited: date | None = None
    applications: list[Applied] = field(default_factory=list)
    closed: date | None = None
    code: str = ""
    reference: str = ""

    @property
    def day(self) -> date:
        return self.received.date()  # noon in every story, so the London day too


@dataclass
class Household:
    """Who enquired in a financial year, once or more often."""

    first: Story
    """The first enquiry that counts."""
    counted: list[Story]
    """All that count, this one among them."""

    @property
    def came_to(self) -> tuple[bool, bool, bool]:
        """Visited, applied and approved, by whichever of them."""
        applied = [applied for one in self.counted for applied in one.applications]
        approved = any(one.outcome == "AP" for one in applied)
        return any(one.visited for one in self.counted), bool(applied), approved


def fy(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def households(told: list[Story]) -> list[Household]:
    """Each household of each financial year, by its first enquiry that counts."""
    found: dict[tuple[str, int], Household] = {}
    for one in sorted(told, key=lambda one: one.received):
        if one.code not in LEFT_OUT:
            known = found.setdefault((one.household, fy(one.day)), Household(one, []))
            known.counted.append(one)
    return list(found.values())


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


def stories(seed: int, number: int = 130) -> list[Story]:
    """Some that went nowhere, some that applied, some twice; several share a household."""
    dice = random.Random(seed)  # noqa: S311  # a test’s dice
    return [story(dice, place) for place in range(number)]


def story(dice: random.Random, place: int) -> Story:
    received = noon(FIRST + timedelta(days=dice.randrange(900)))
    one = Story(
        received=received,
        channel=dice.choice([Channel.WEB, Channel.WEB, Channel.PHONE, Channel.HUB, Channel.EVENT]),
        source=dice.choice([HeardFrom.SEARCH, HeardFrom.EVENT, HeardFrom.WORD_OF_MOUTH, None]),
        area=dice.choice(AREAS),
        hub=dice.random() < 0.1,
        household=f"household-{place // 6 if dice.random() < 0.9 else 1000 + place}",
        due=received + timedelta(days=1, hours=5),
    )
    if dice.random() < 0.85:
        one.attempt = received + timedelta(hours=dice.randrange(1, 90))
    if one.attempt and dice.random() < 0.8:
        one.talked = one.attempt + timedelta(hours=dice.randrange(0, 200))
    if one.talked and dice.random() < 0.6:
        one.visited = one.talked.date() + timedelta(days=dice.randrange(2, 30))
    if one.visited and dice.random() < 0.85:
        apply(dice, one, one.visited + timedelta(days=dice.randrange(5, 40)))
    elif dice.random() < 0.75:
        one.closed, one.code = one.day + timedelta(days=dice.randrange(8, 60)), dice.choice(ADMIN)
    if one.closed and one.closed >= NOW.date():
        one.closed, one.code = None, ""
    return one


def apply(dice: random.Random, one: Story, on: date) -> None:
    """An application that ends, or goes on; whoever withdraws may come again."""
    if on >= NOW.date():
        return
    applied = Applied(on)
    one.applications.append(applied)
    ended = on + timedelta(days=dice.randrange(30, 330))
    if dice.random() < 0.25 or ended >= NOW.date():
        return
    applied.ended, applied.outcome = ended, dice.choice([*ENDS, "AP", "ADN"])
    if applied.outcome in ("AP", "ADN"):
        applied.decided = ended - timedelta(days=1)
        applied.panel = ended - timedelta(days=4) if dice.random() < 0.7 else None
    if applied.outcome != "AP":
        one.closed, one.code = ended, applied.outcome
        if dice.random() < 0.4:
            one.closed, one.code = None, ""
            apply(dice, one, ended + timedelta(days=60))


def store(session: Any, one: Story) -> int:
    """The enquiry and its history, as the services would have left them."""
    last = one.applications[-1] if one.applications else None
    approved = last is not None and last.outcome == "AP"
    stage = Stage.APPLICATION_ACCEPTED if last and not last.ended else Stage.CONTACTING
    stage = Stage.APPROVED if approved else Stage.CLOSED if one.closed else stage
    status = {Stage.APPROVED: Status.APPROVED, Stage.CLOSED: Status.CLOSED}.get(stage, Status.OPEN)
    columns: dict[str, Any] = {
        "visit_done_at": noon(one.visited) if one.visited else None,
        "initial_call_at": one.talked,
        "application_at": noon(last.on) if last else None,
        "panel_at": noon(last.panel) if last and last.panel else None,
        "adm_at": noon(last.decided) if last and last.decided else None,
        "approved_at": noon(last.ended) if last and last.ended and approved else None,
    }
    enquiry = make_enquiry(
        session,
        **columns,
        received_at=one.received,
        sla_due_at=one.due,
        due_at=None if status in (Status.CLOSED, Status.APPROVED) else one.due,
        channel=one.channel,
        heard_from=one.source,
        area=one.area,
        hub_origin=one.hub,
        household_key=one.household,
        first_attempt_at=one.attempt,
        first_contact_at=one.talked,
        stage=stage,
        status=status,
        closed_at=noon(one.closed) if one.closed else None,
        closure_code=Closure(one.code) if one.code else None,
    )
    one.reference = enquiry.public_ref
    for applied in one.applications:
        session.add_all(history_of(enquiry.id, applied))
    session.flush()
    return enquiry.id


def history_of(enquiry_id: int, applied: Applied) -> list[HistoryEntry]:
    """What staff recorded of one application: some days later than it happened."""

    def entry(day: date, before: Stage, to: Stage, code: str = "", **facts: date) -> HistoryEntry:
        return HistoryEntry(
            enquiry_id=enquiry_id,
            at=noon(day),
            kind=HistoryKind.MOVED,
            from_stage=before,
            to_stage=to,
            closure_code=Closure(code) if code else None,
            facts={name: noon(value).isoformat() for name, value in facts.items()},
            by_name="Robin Example",
        )

    accepted, panel, decision = Stage.APPLICATION_ACCEPTED, Stage.PANEL, Stage.DECISION
    found = [
        entry(applied.on + timedelta(days=3), Stage.APPLICATION_INVITED, accepted, application_at=applied.on)
    ]
    if applied.panel and applied.ended:
        found.append(entry(applied.ended, Stage.STAGE_TWO, panel, panel_at=applied.panel))
    if applied.decided and applied.ended:
        found.append(entry(applied.ended, panel, decision, adm_at=applied.decided))
    if applied.outcome == "AP" and applied.ended:
        late = applied.ended + timedelta(days=2)
        found.append(entry(late, decision, Stage.APPROVED, approved_at=applied.ended))
    elif applied.ended:
        found.append(entry(applied.ended, accepted, Stage.CLOSED, applied.outcome))
    return found
