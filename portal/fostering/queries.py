"""Reading enquiries: one by its reference, and those that may be the same household's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, and_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from portal.core.aliases import lasting_alias
from portal.core.database import UtcDateTime
from portal.core.each_row import any_row
from portal.council import FosteringTeam
from portal.fostering.clocks import team_calendar
from portal.fostering.models import Activity, Enquiry, HistoryEntry
from portal.fostering.options import (
    ATTEMPTS,
    WRITTEN,
    ActivityKind,
    CallOutcome,
    HistoryKind,
    MatchedOn,
    NextStep,
    Stage,
)

DUPLICATES_SHOWN = 20

step = lasting_alias(HistoryEntry)
"""What came after another line of the history."""

COMPARED = {
    MatchedOn.EMAIL: ("email_key",),
    MatchedOn.PHONE: ("phone",),
    MatchedOn.NAME_POSTCODE: ("last_name_key", "postcode"),
}
"""The columns in which two enquiries agree."""


class Match(NamedTuple):
    """An earlier enquiry that has something in common with a new one."""

    id: int
    matched_on: MatchedOn


def enquiry_by_ref(session: Session, ref: str, *, lock: bool = False) -> Enquiry | None:
    """The enquiry with this public reference; locked, it is as whoever had it before has left it."""
    wanted = select(Enquiry).where(Enquiry.public_ref == ref)
    return session.scalars(wanted.with_for_update(key_share=True) if lock else wanted).one_or_none()


def enquiry_by_submission(session: Session, submission_key: str) -> Enquiry | None:
    """The enquiry that this submission became, if it was accepted before."""
    return session.scalars(select(Enquiry).where(Enquiry.submission_key == submission_key)).one_or_none()


def taken_up_again_at(session: Session, enquiry: Enquiry) -> datetime | None:
    """When it was last opened again, or worked again after keep in touch; None while it never was."""
    return session.scalar(select(func.max(HistoryEntry.at)).where(*taken_up_again(enquiry.id)))


def taken_up_again(enquiry_id: Any) -> tuple[ColumnElement[bool], ...]:
    """That a line of the history is such a beginning; a merge that was undone is none."""
    entry = HistoryEntry
    return (
        entry.enquiry_id == enquiry_id,
        entry.from_stage.in_((Stage.KEEP_IN_TOUCH, Stage.CLOSED)),
        entry.to_stage == Stage.CONTACTING,
        entry.closure_code.is_(None),
    )


def written_at(session: Session, enquiry: Enquiry, *, since: datetime) -> datetime | None:
    """When they were first written to after that moment, as a contact; None if they were not."""
    wanted = select(func.min(Activity.at)).where(
        Activity.enquiry_id == enquiry.id, Activity.kind.in_(WRITTEN), Activity.at >= since
    )
    return session.scalar(wanted)


def is_call_agreed_for(session: Session, enquiry: Enquiry, moment: datetime) -> bool:
    """Whether they asked to be called then."""
    asked = select(Activity.id).where(Activity.enquiry_id == enquiry.id, Activity.call_back_at == moment)
    return session.scalar(asked.limit(1)) is not None


def letter_since(session: Session, enquiry: Enquiry) -> datetime | None:
    """Since when they wait to be written to: as was noted, or since a visit that nobody has written about."""
    visited = enquiry.visit_done_at
    if enquiry.letter_owed_since is not None or enquiry.stage is not Stage.VISIT_DONE or visited is None:
        return enquiry.letter_owed_since
    with session.no_autoflush:  # else what has changed so far counts as a change of its own
        return visited if written_at(session, enquiry, since=visited) is None else None


def called_again(session: Session, households: Iterable[Any]) -> dict[int, datetime]:
    """By id, when those whose visit is booked were last talked to after they were taken up again.

    Their `initial_call_at` is the first round’s, and a visit is due by the call that led to it. The history
    knows when the call was recorded, which is at most a little later. One statement for all, or none.
    """
    booked = [one.id for one in households if one.stage is Stage.VISIT_BOOKED]
    entry = HistoryEntry
    wanted = select(entry.enquiry_id, func.max(entry.at).label("talked_at")).where(
        entry.enquiry_id.in_(booked),
        entry.kind == HistoryKind.MOVED,
        entry.to_stage == Stage.CALL_DONE,
        entry.from_stage.is_distinct_from(Stage.CLOSED),  # a merge that was undone is no talk
    )
    rounds = wanted.group_by(entry.enquiry_id).having(func.count() > 1)
    return {row.enquiry_id: row.talked_at for row in session.execute(rounds)} if booked else {}


def tried_again(session: Session, households: Iterable[Any]) -> dict[int, datetime]:
    """By id, when those who were taken up again, and not reached since, were first tried since then.

    Their `first_attempt_at` is the first round’s. One statement for all, or none.
    """
    contacted = [one.id for one in households if one.stage is Stage.CONTACTING and is_tried_before(one)]
    tries = select(Activity.enquiry_id, func.min(Activity.at).label("tried_at")).join(
        Enquiry, Enquiry.id == Activity.enquiry_id
    )
    tries = tries.where(
        Enquiry.id.in_(contacted), Activity.kind.in_(ATTEMPTS), Activity.at >= Enquiry.stage_since
    )
    rounds = tries.group_by(Activity.enquiry_id)
    return {row.enquiry_id: row.tried_at for row in session.execute(rounds)} if contacted else {}


def is_tried_before(household: Any) -> bool:
    """Whether the first attempt was before this stage began."""
    since, tried = household.stage_since, household.first_attempt_at
    return since is not None and tried is not None and tried < since


def rounds_of(session: Session, households: Sequence[Any]) -> dict[int, datetime]:
    """Of those who were taken up again, by id: what counts in their stage of this round, not the first."""
    return called_again(session, households) | tried_again(session, households)


def call_asked_for() -> ColumnElement[bool]:
    """The same as `is_call_agreed_for` when the next action is due, for a list."""
    activity = Activity
    asked = (activity.enquiry_id == Enquiry.id, activity.call_back_at == Enquiry.due_at)
    return any_row(select(activity.id).where(*asked))


def asked_to_stop() -> ColumnElement[bool]:
    """Whether they asked by their link to stop, it is the team’s to close, and nothing has come since.

    Since then: a talk, another time at which they want to be called, or a step of the team’s. That a new
    one is taken up is none: whoever closes it may take it first.
    """
    entry, talk = HistoryEntry, Activity
    theirs = (talk.enquiry_id == entry.enquiry_id, talk.at >= entry.at)
    told = talk.outcome.in_((CallOutcome.SPOKE, CallOutcome.CALL_BACK_AT))
    talked = any_row(select(talk.id).where(*theirs, or_(talk.kind == ActivityKind.CALL_IN, told)))
    moved = (step.kind == HistoryKind.MOVED, step.from_stage.is_distinct_from(Stage.NEW))  # given an owner
    later = (step.enquiry_id == entry.enquiry_id, step.at > entry.at, *moved)
    wish = (entry.enquiry_id == Enquiry.id, entry.kind == HistoryKind.ASKED_TO_STOP)
    return any_row(select(entry.id).where(*wish, ~talked, ~any_row(select(step.id).where(*later))))


def has_asked_to_stop(session: Session, enquiry: Enquiry) -> bool:
    """The same, of one."""
    return bool(session.scalar(select(asked_to_stop()).where(Enquiry.id == enquiry.id)))


def agreed_to_call() -> ColumnElement[bool]:
    """The same as `Enquiry.agreed_to_call`, for a list."""
    activity = Activity
    agreed = (activity.enquiry_id == Enquiry.id, activity.outcome == CallOutcome.CALL_BACK_AT)
    return and_(Enquiry.next_step == NextStep.INFO_PACK_ONLY, any_row(select(activity.id).where(*agreed)))


class LateVisits(NamedTuple):
    """The moments that tell which visits should have been held by now: instants, or parameters for them."""

    at: Any
    closed_before: Any
    """A visit that is booked for later lies ahead."""
    called_before: Any
    """Whoever was called before this should have been visited."""


def late_visits_at(team: FosteringTeam, at: datetime) -> LateVisits:
    """Of one moment."""
    calendar = team_calendar(team)
    called_before = calendar.overdue_before(at, team.clocks.visit_working_days)
    return LateVisits(at, calendar.overdue_before(at, 0), called_before)


def visit_overdue(late: LateVisits) -> list[ColumnElement[bool]]:
    """Visits that should have been held by now and are booked for a day that is still to come.

    Nothing else of these households is overdue: their next action is due on the booked day.
    """
    entry = HistoryEntry
    rounds = (entry.enquiry_id == Enquiry.id, entry.kind == HistoryKind.MOVED)
    talked = (entry.to_stage == Stage.CALL_DONE, entry.from_stage.is_distinct_from(Stage.CLOSED))
    talks = select(func.max(entry.at)).where(*rounds, *talked)
    again = talks.having(func.count() > 1).scalar_subquery()
    return [
        Enquiry.stage == Stage.VISIT_BOOKED,
        Enquiry.due_at >= late.at,
        Enquiry.visit_booked_for > late.closed_before,
        Enquiry.initial_call_at < late.called_before,
        func.coalesce(again, Enquiry.initial_call_at) < late.called_before,
    ]


def likely_same_household(session: Session, enquiry: Enquiry, since: datetime) -> list[Match]:
    """Earlier enquiries with the same email, phone, or last name and postcode; each once, oldest first.

    None of them is erased before the transaction ends; one that is being erased is gone.
    """
    compared = {
        MatchedOn.EMAIL: bool(enquiry.email),
        MatchedOn.PHONE: bool(enquiry.phone),
        MatchedOn.NAME_POSTCODE: bool(enquiry.postcode and enquiry.last_name_key),
    }
    kinds = tuple(kind for kind, given in compared.items() if given)
    if not kinds:
        return []
    names = {name for kind in kinds for name in COMPARED[kind]}
    values = {"since": since, **{name: getattr(enquiry, name) for name in names}}
    found: dict[int, Match] = {}
    for identifier, matched_on in session.execute(likeness_statement(kinds), values):
        found.setdefault(identifier, Match(identifier, MatchedOn(matched_on)))
    first = sorted(found.values())[:DUPLICATES_SHOWN]
    there = select(Enquiry.id).where(Enquiry.id.in_([one.id for one in first])).order_by(Enquiry.id)
    stay = set(session.scalars(there.with_for_update(read=True, key_share=True))) if first else set()
    return [one for one in first if one.id in stay]


@cache
def likeness_statement(kinds: tuple[MatchedOn, ...]) -> CompoundSelect[Any]:
    """Enquiries received since an instant that agree in one of these ways; built once for each set."""
    since = Enquiry.received_at >= bindparam("since", type_=UtcDateTime())
    return union_all(
        *(
            select(Enquiry.id, literal(kind.value)).where(
                since, *(getattr(Enquiry, name) == bindparam(name) for name in COMPARED[kind])
            )
            for kind in kinds
        )
    )
