"""Judges an iCalendar document by RFC 5545, with a reader other than the library that writes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

LINE = re.compile(
    r"([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:\"[^\"\x00-\x08\x0a-\x1f\x7f]*\"|[^\";:,\x00-\x08\x0a-\x1f\x7f]*))*):(.*)"
)
UTC = re.compile(r"\d{8}T\d{6}Z")
LOCAL = re.compile(r"\d{8}T\d{6}")
DAY = re.compile(r"\d{8}")
ESCAPED = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION")
ONCE = (
    "UID",
    "DTSTAMP",
    "DTSTART",
    "SUMMARY",
    "DESCRIPTION",
    "STATUS",
    "SEQUENCE",
    "URL",
    "LAST-MODIFIED",
    "TRANSP",
    "LOCATION",
)
STATUS = {"TENTATIVE", "CONFIRMED", "CANCELLED"}


@dataclass
class Component:
    """BEGIN to END, with what is said in it."""

    name: str
    said: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, parameters, value."""
    parts: list[Component] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """Every value of a property."""
        return [value for said, _, value in self.said if said == name]

    def value(self, name: str) -> str:
        """Its first value; empty where it has none."""
        return next(iter(self.values(name)), "")


def judge_calendar(document: bytes) -> list[str]:
    """Everything wrong with a calendar."""
    faults = list(lines_of(document))
    try:
        calendar = read_calendar(document)
    except ValueError as error:
        return [*faults, str(error)]
    return [*faults, *of_calendar(calendar)]


def lines_of(document: bytes) -> Iterator[str]:
    """CRLF after every line, at most 75 octets in each, no other control character (3.1)."""
    if not document.endswith(b"\r\n"):
        yield "the last line does not end"
    for line in document.removesuffix(b"\r\n").split(b"\r\n"):
        if b"\n" in line or b"\r" in line:
            yield f"a bare line break in {line[:40]!r}"
        if len(line) > 75:
            yield f"a line of {len(line)} octets"
        if not line:
            yield "an empty line"
        if any(octet < 32 and octet != 9 for octet in line) or b"\x7f" in line:
            yield f"a control character in {line[:40]!r}"


def read_calendar(document: bytes) -> Component:
    """The tree; raises ValueError where it is none."""
    text = re.sub(r"\r\n[ \t]", "", document.decode("utf-8"))
    top = Component("")
    open_ = [top]
    for line in text.removesuffix("\r\n").split("\r\n"):
        found = LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"no content line: {line[:60]!r}")
        name, parameters, value = found[1].upper(), found[2], found[3]
        if name == "BEGIN":
            open_.append(Component(value.upper()))
            open_[-2].parts.append(open_[-1])
        elif name == "END":
            if open_[-1].name != value.upper() or len(open_) == 1:
                raise ValueError(f"END:{value} closes {open_[-1].name!r}")
            open_.pop()
        else:
            open_[-1].said.append((name, parameters, value))
    if len(open_) > 1 or len(top.parts) != 1 or top.said or top.parts[0].name != "VCALENDAR":
        raise ValueError("not one whole VCALENDAR")
    return top.parts[0]


def of_calendar(calendar: Component) -> Iterator[str]:
    """Version and maker once, at least one component (3.6)."""
    if calendar.values("VERSION") != ["2.0"]:
        yield f"VERSION {calendar.values('VERSION')}"
    if len(calendar.values("PRODID")) != 1:
        yield f"PRODID {calendar.values('PRODID')}"
    if not calendar.parts:
        yield "no component"
    events = [part for part in calendar.parts if part.name == "VEVENT"]
    zones = {part.value("TZID") for part in calendar.parts if part.name == "VTIMEZONE"}
    for uid, number in Counter(event.value("UID") for event in events).items():
        if number > 1:
            yield f"{number} events are {uid!r}"
    for event in events:
        yield from of_event(event, zones)


def of_event(event: Component, zones: set[str]) -> Iterator[str]:
    """What an event must have, and has once (3.6.1); how its values are written (3.3)."""
    name = f"the event {event.value('UID')!r}"
    for required in ("UID", "DTSTAMP", "DTSTART"):
        if not event.value(required):
            yield f"{name} has no {required}"
    for once in ONCE:
        if len(event.values(once)) > 1:
            yield f"{name} says {once} twice"
    for text in TEXTS:
        if not ESCAPED.fullmatch(event.value(text)):
            yield f"{name}: {text} is not escaped: {event.value(text)!r}"
    if event.value("STATUS") not in {"", *STATUS}:
        yield f"{name}: STATUS {event.value('STATUS')!r}"
    yield from times_of(event, name, zones)
    yield from alarms_of(event, name)


def alarms_of(event: Component, name: str) -> Iterator[str]:
    """A reminder says what it does, when, and what it shows (3.6.6)."""
    for alarm in (part for part in event.parts if part.name == "VALARM"):
        needed = ("ACTION", "TRIGGER", *(["DESCRIPTION"] if alarm.value("ACTION") == "DISPLAY" else []))
        yield from (f"{name}: an alarm without {one}" for one in needed if not alarm.value(one))


def times_of(event: Component, name: str, zones: set[str]) -> Iterator[str]:
    """A start is a day, an instant in UTC, or on a clock that is described; the end is of its kind, later."""
    yield from stamps_of(event, name)
    kinds = []
    if event.values("DTEND") and event.values("DURATION"):
        yield f"{name} has an end and a length"
    for said, parameters, value in event.said:
        if said not in ("DTSTART", "DTEND"):
            continue
        zone = re.search(r"TZID=\"?([^\";:]+)", parameters)
        day = "VALUE=DATE" in parameters.split(";")
        kinds.append(day)
        if day:
            right = DAY.fullmatch(value) is not None
        elif zone:
            right = LOCAL.fullmatch(value) is not None and zone[1] in zones
        else:
            right = UTC.fullmatch(value) is not None
        if not right:
            yield f"{name}: {said}{parameters}:{value}"
    if len(set(kinds)) > 1:
        yield f"{name} starts on a day and ends at a time, or the other way round"
    if event.value("DTEND") and event.value("DTEND") <= event.value("DTSTART"):
        yield f"{name} ends before it has begun"


def stamps_of(event: Component, name: str) -> Iterator[str]:
    """When it was written and changed is said in UTC (3.8.7)."""
    for stamp in ("DTSTAMP", "LAST-MODIFIED", "CREATED"):
        if event.value(stamp) and not UTC.fullmatch(event.value(stamp)):
            yield f"{name}: {stamp} is not in UTC: {event.value(stamp)!r}"
