"""Acknowledgements that have not left, and information packs that the team has to send."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.mail import MailStatus, OutgoingMail
from portal.council import FosteringTeam
from portal.fostering.clocks import acknowledgement_due, pack_due, packs_overdue_before
from portal.fostering.follow_up.queries import bounded_count
from portal.fostering.limits import PACK_STAGES, Lateness, lateness_of_acknowledgement, lateness_of_pack
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import Status
from portal.fostering.promises import ACKNOWLEDGEMENT
from portal.fostering.queries import taken_up_again
from portal.fostering.reporting.measures import Share, Spread
from portal.fostering.restricted import may_read

MOST_LISTED = 200

LOOKED_BACK = timedelta(days=30)
"""As long as it is known when a mail left."""


class Owed(NamedTuple):
    """A household that waits for a first answer."""

    enquiry: Enquiry
    due_at: datetime
    lateness: Lateness


@dataclass(frozen=True, slots=True)
class Count:
    """How many wait, and how many of them for too long."""

    count: int
    late: int


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """What waits for the team: acknowledgements are late past their limit, packs past their day."""

    acknowledgements: Count
    packs: Count


@dataclass(frozen=True, slots=True)
class Sent:
    """How soon the acknowledgements of the last days left."""

    in_time: Share = field(default_factory=Share)
    seconds: Spread = field(default_factory=Spread)


def acknowledgement_waits(team: FosteringTeam, at: datetime) -> tuple[ColumnElement[bool], ...]:
    """That the mail about an enquiry should have left; what was given up is in another list."""
    target = timedelta(minutes=team.clocks.acknowledgement_minutes)
    return (
        OutgoingMail.status == MailStatus.WAITING,
        OutgoingMail.purpose == ACKNOWLEDGEMENT,
        OutgoingMail.created_at < at - target,
        OutgoingMail.about == Enquiry.public_ref,
    )


def pack_owed() -> tuple[ColumnElement[bool], ...]:
    """That a household has no information pack yet; later on it is given on the visit."""
    return (
        Enquiry.pack_settled_at.is_(None),
        Enquiry.status == Status.OPEN,
        Enquiry.stage.in_(PACK_STAGES),
    )


def pack_since() -> ColumnElement[datetime]:
    """From when the pack is owed: the receipt, or when the household was taken up again."""
    again = select(func.max(HistoryEntry.at)).where(*taken_up_again(Enquiry.id)).correlate(Enquiry)
    return func.coalesce(again.scalar_subquery(), Enquiry.received_at)


def pack_of(session: Session, enquiry: Enquiry, team: FosteringTeam, at: datetime) -> Owed | None:
    """The pack that one household waits for."""
    wanted = select(pack_since()).where(Enquiry.id == enquiry.id, *pack_owed())
    since = session.scalar(wanted)
    return None if since is None else owed_pack(enquiry, since, team, at)


def owed_pack(enquiry: Enquiry, since: datetime, team: FosteringTeam, at: datetime) -> Owed:
    """Its clock."""
    return Owed(enquiry, pack_due(since, team), lateness_of_pack(since, team, at))


def acknowledgements(session: Session, team: FosteringTeam, at: datetime, *, by: Actor) -> list[Owed]:
    """Who has waited too long for an answer by mail, the longest first; at most MOST_LISTED."""
    wanted = select(Enquiry, OutgoingMail.created_at).where(*acknowledgement_waits(team, at), may_read(by))
    rows = session.execute(wanted.order_by(OutgoingMail.created_at, OutgoingMail.id).limit(MOST_LISTED))
    return [
        Owed(one, acknowledgement_due(sent_at, team), lateness_of_acknowledgement(sent_at, team, at))
        for one, sent_at in rows
    ]


def packs(session: Session, team: FosteringTeam, at: datetime, *, by: Actor) -> list[Owed]:
    """To whom a pack is to be sent, the longest waiting first; at most MOST_LISTED."""
    since = pack_since()
    wanted = select(Enquiry, since).where(*pack_owed(), may_read(by))
    rows = session.execute(wanted.order_by(since, Enquiry.id).limit(MOST_LISTED))
    return [owed_pack(one, begun, team, at) for one, begun in rows]


def first_answers(session: Session, team: FosteringTeam, at: datetime, *, by: Actor) -> FirstAnswers:
    """How much of it waits, of the records that this person may read, in one statement."""
    limit = at - timedelta(minutes=team.warnings.acknowledgement_breach_minutes)
    mails, owed = (*acknowledgement_waits(team, at), may_read(by)), (*pack_owed(), may_read(by))
    late_since = packs_overdue_before(at, team)
    wanted = select(
        bounded_count(mails),
        bounded_count((*mails, OutgoingMail.created_at < limit)),
        bounded_count(owed),
        bounded_count((*owed, pack_since() < late_since)),
    )
    waiting, past, packs_owed, overdue = session.execute(wanted).one()
    return FirstAnswers(Count(waiting, past), Count(packs_owed, overdue))


def acknowledgements_sent(session: Session, team: FosteringTeam, at: datetime) -> Sent:
    """How soon those of the last days left; what should have left and has not is not in time."""
    wanted = select(OutgoingMail.created_at, OutgoingMail.sent_at).where(
        OutgoingMail.purpose == ACKNOWLEDGEMENT,
        OutgoingMail.created_at >= at - LOOKED_BACK,
    )
    found = Sent()
    for created_at, sent_at in session.execute(wanted):
        due_at = acknowledgement_due(created_at, team)
        if sent_at is not None or at > due_at:
            found.in_time.add(sent_at is not None and sent_at <= due_at)
        if sent_at is not None:
            found.seconds.add(round((sent_at - created_at).total_seconds()))
    return found
