"""Everything that happened with one household, newest first: contacts, moves, mails, the enquiry itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.core.mail import MailStatus, OutgoingMail
from portal.core.wording import short_day, short_moment
from portal.fostering.follow_up.concerns.options import PassedTo
from portal.fostering.follow_up.first_call.options import CallResult
from portal.fostering.follow_up.hub.options import Direction
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.told.options import ToldHow
from portal.fostering.models import Activity, Enquiry, HistoryEntry
from portal.fostering.options import ActivityKind, HistoryKind, Recommendation, Stage, VisitMode, VisitOutcome

MAILS = {
    "fostering.acknowledgement": "Acknowledgement to the household",
    "fostering.follow_up": "Courtesy message to the household",
    "fostering.alert": "Word to the team",
    "fostering.own_link": "Link by which the household changes its enquiry",
    "fostering.own": "Word to the household about what was done by its link",
    "fostering.own_alert": "Word to the team about what was done by the link",
    "fostering.event_booked": "Confirmation of places at an event",
    "fostering.event_reminder": "Reminder of an event",
    "fostering.event_changed": "Change of an event",
    "fostering.event_cancelled": "Word that an event is cancelled",
}
"""What each mail about an enquiry is called."""

BECAME = {
    MailStatus.WAITING: "waits to be sent",
    MailStatus.SENT: "sent",
    MailStatus.FAILED: "could not be delivered",
    MailStatus.EXPIRED: "was not sent in time",
}
BAD = frozenset({MailStatus.FAILED, MailStatus.EXPIRED})

FACTS = {
    "visit_booked_for": "Visit",
    "visit_mode": "How",
    "visit_done_at": "Visit",
    "visit_outcome": "Outcome",
    "roi_sent_at": "Form sent",
    "application_at": "Application received",
    "case_system_ref": "Case system",
    "stage1_start": "Stage 1 began",
    "stage1_info_complete_at": "All Stage 1 information in",
    "stage1_decision_at": "Decision after Stage 1",
    "stage2_start": "Stage 2 began",
    "panel_at": "Panel",
    "panel_recommendation": "Recommendation",
    "adm_at": "Decided",
    "decision_told_at": "Told by word of mouth",
    "decision_notice_at": "Written notice sent",
    "approved_at": "Approved from",
    "kit_review_on": "We ask again",
    "wait_until": "Until",
    "hold_until": "We look again",
    "passed_to": "Told",
    "passed_at": "When",
    "readers": "Who can read it",
    "call_result": "It leads to",
    "handed": "Way",
    "handed_on": "On",
    "council_name": "Council",
    "told_on": "On",
    "told_how": "How",
}
"""What each recorded fact is called."""

DETAILS = {
    "first_name": "first name",
    "last_name": "last name",
    "second_first_name": "first name of the second person",
    "second_last_name": "last name of the second person",
    "phone": "phone",
    "email": "email address",
    "postcode": "postcode",
    "contact_method": "how to contact them",
    "voicemail_ok": "voicemail",
    "contact_needs": "what makes it easier to talk",
    "phone_wrong": "whether the number is wrong",
    "email_wrong": "whether mail to the address arrives",
}
"""What each detail is called."""

IN_HISTORY = frozenset({ActivityKind.HANDOFF_HUB, ActivityKind.HANDOFF_LA})
"""What the history tells already, as it was entered: by its day. Its time of day nobody gave."""

TIMED = frozenset({"visit_booked_for", "visit_done_at", "passed_at"})
"""Facts whose time of day matters; of the others only the day was entered."""

CODES = {
    "visit_mode": VisitMode,
    "visit_outcome": VisitOutcome,
    "panel_recommendation": Recommendation,
    "passed_to": PassedTo,
    "call_result": CallResult,
    "handed": Direction,
    "told_how": ToldHow,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the timeline."""

    at: datetime
    what: str
    by: str = ""
    lines: tuple[str, ...] = ()
    note: str = ""
    bad: bool = False
    """Something failed that somebody should look at."""


def timeline_of(
    enquiry: Enquiry,
    history: Iterable[HistoryEntry],
    mails: Iterable[OutgoingMail],
    messages: Iterable[FamilyMessage] = (),
    hidden: frozenset[str] = frozenset(),
) -> list[Entry]:
    """All of it. Of what bears the same instant, a move stands above the contact that brought it.

    A mail that took a message is listed as the message, which is kept for longer.
    """
    sent = {message.mail_id: message for message in messages if message.mail_id is not None}
    by_id = {mail.id: mail for mail in mails}
    entries = [
        *(of_history(entry, hidden) for entry in reversed(list(history))),
        *(of_activity(one) for one in reversed(enquiry.activities) if one.kind not in IN_HISTORY),
        *(of_message(message, by_id.get(mail_id)) for mail_id, message in reversed(sent.items())),
        *(of_mail(mail) for mail in reversed(by_id.values()) if mail.id not in sent),
    ]
    received = f"Enquiry received ({enquiry.channel.label.lower()})"
    newest_first = sorted(entries, key=lambda entry: entry.at, reverse=True)
    return [*newest_first, Entry(at=enquiry.received_at, what=received)]


def of_activity(activity: Activity) -> Entry:
    """A contact, as it was recorded."""
    outcome = f": {activity.outcome.label.lower()}" if activity.outcome else ""
    back = (f"Call back {short_moment(activity.call_back_at)}",) if activity.call_back_at else ()
    what = f"{activity.kind.label}{outcome}"
    return Entry(at=activity.at, what=what, by=activity.by_name, lines=back, note=activity.note or "")


def of_history(entry: HistoryEntry, hidden: frozenset[str]) -> Entry:
    """A move, with what was recorded with it; what was noted of a hidden record is as hidden as that."""
    lines = tuple(facts_in_words(entry.facts))
    note = "" if entry.facts.get("other") in hidden else entry.note or ""
    return Entry(at=entry.at, what=move_in_words(entry, hidden), by=entry.by_name, lines=lines, note=note)


def move_in_words(entry: HistoryEntry, hidden: frozenset[str]) -> str:
    """Where it went; reopening is said as such. Records that the reader may not read have no reference."""
    if entry.kind is HistoryKind.CORRECTED and entry.to_stage is not None:
        return f"Recorded again: {entry.to_stage.label}"
    if entry.kind in (HistoryKind.SAME, HistoryKind.DIFFERENT, HistoryKind.DUPLICATE):
        other = entry.facts["other"]
        return f"{entry.kind.label} {'another enquiry' if other in hidden else other}"
    if entry.kind is HistoryKind.OWNER:
        return f"{entry.kind.label}: {entry.facts['owner'] or 'nobody yet'}"
    if entry.to_stage is None:
        return entry.kind.label
    if entry.closure_code is not None and entry.to_stage is Stage.CLOSED:
        return f"Closed: {entry.closure_code.label}"
    if entry.from_stage is Stage.CLOSED:
        return "Opened again"
    return f"Moved to: {entry.to_stage.label}"


def facts_in_words(facts: dict[str, Any]) -> Iterator[str]:
    """Each fact with its name, dates and codes in words."""
    for name, value in facts.items():
        if name == "fields":
            yield ", ".join(DETAILS[field] for field in value)
        elif name in FACTS:
            yield f"{FACTS[name]}: {fact_in_words(name, value)}"


def fact_in_words(name: str, value: Any) -> str:
    """One fact as people read it."""
    if name in CODES:
        return CODES[name](value).label
    if name == "readers":
        return ", ".join(value)
    if name in ("case_system_ref", "council_name"):
        return str(value)
    if len(value) == len("2026-11-23"):
        return short_day(date.fromisoformat(value))
    moment = datetime.fromisoformat(value)
    return short_moment(moment) if name in TIMED else short_day(moment)


def of_mail(mail: OutgoingMail) -> Entry:
    """A mail, with what became of it."""
    what = f"{MAILS.get(mail.purpose, mail.purpose)}: {BECAME[mail.status]}"
    return Entry(at=mail.sent_at or mail.created_at, what=what, by="the portal", bad=mail.status in BAD)


def of_message(message: FamilyMessage, mail: OutgoingMail | None) -> Entry:
    """A message that was sent; what became of its mail is known for as long as that is kept."""
    status = MailStatus.FAILED if message.undelivered_at else mail.status if mail else MailStatus.SENT
    what = f"Message “{message.kind.label}”: {BECAME[status]}"
    at = message.sent_at or message.written_at
    return Entry(at=at, what=what, by=message.sent_by_name or "", bad=status in BAD)
