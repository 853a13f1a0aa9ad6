"""Keeping drafts, and sending them exactly once.

Every write takes the draft's row with a lock, so that two tabs or two devices follow one another: a save
replaces the answers of one page and leaves the others, a second sending finds that the first has been.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from portal.core.errors import AlreadySubmitted, PortalError
from portal.core.forms import PortalForm
from portal.core.jobs import enqueue
from portal.core.retention import Due
from portal.core.upsert import insert_into
from portal.core.wording import local_date
from portal.journeys.answers import Answers, Item, Stored
from portal.journeys.engine import Journey, Progress, Submission
from portal.journeys.meanwhile import refuse_unseen
from portal.journeys.models import Draft
from portal.journeys.snapshot import snapshot_of

MARKER_LIFETIME = timedelta(hours=24)
"""How long a sent draft's marker leads back to its confirmation."""

EXPIRE = "journeys.expire_drafts"
"""The job that deletes what ran out: what somebody did not send is not kept until the night."""

EXPIRE_EVERY = timedelta(minutes=1)
"""It runs no more often than this."""


class NotReady(PortalError):
    """Something is missing, or the draft is gone; the route leads to the first missing page."""

    status, slug = 409, "conflict"


class AnswersChanged(PortalError):
    """The answers are no longer those that the check page showed; they are shown again."""

    status, slug = 409, "conflict"


Submit = Callable[[Session, Submission], str]
Change = Callable[[Answers], Answers]
Saved = Callable[[Session, Answers, datetime], None]


def nothing_more(_session: Session, _answers: Answers, _at: datetime) -> None:
    """Nothing else is kept beside the answers."""


def nothing_beside(_session: Session) -> None:
    """Nothing else goes when the answers go."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose draft of what: a journey, its holder's key, and how long an idle draft is kept."""

    journey: Journey
    holder: str
    lifetime: timedelta
    saved: Saved = nothing_more
    """What a journey's author keeps beside the answers, in the same transaction as each save."""
    discarded: Callable[[Session], None] = nothing_beside
    """What goes with them."""

    def section_of(self, slug: str) -> str:
        """The section that a page belongs to."""
        step = self.journey.step(slug)
        return self.journey.section_of(step).slug if step is not None else ""

    def looked_at(self, answers: Answers, slug: str) -> Answers:
        """The answers after a page was saved: its section is no longer only taken over."""
        return answers.looked_at(self.section_of(slug))


def find_draft(session: Session, place: Place, at: datetime, *, lock: bool = False) -> Draft | None:
    """The holder's draft or sent marker, unless it has run out."""
    whose = {"journey": place.journey.name, "holder": place.holder}
    draft: Draft | None = session.scalars(draft_statement(lock=lock), whose).one_or_none()
    return draft if draft is not None and draft.alive(at) else None


@cache
def draft_statement(*, lock: bool) -> Select[Any]:
    """One holder's draft of one journey; read again, since another tab may have saved meanwhile."""
    mine = (Draft.journey == bindparam("journey"), Draft.holder == bindparam("holder"))
    found = select(Draft).where(*mine).execution_options(populate_existing=True)
    return found.with_for_update() if lock else found


def open_draft(session: Session, place: Place, at: datetime) -> Draft:
    """The holder's draft, locked; a new one where there is none. Raises AlreadySubmitted for a sent one."""
    draft = find_draft(session, place, at, lock=True)
    if draft is None:
        session.execute(
            delete(Draft).where(
                Draft.journey == place.journey.name, Draft.holder == place.holder, Draft.expires_at <= at
            )
        )
        session.execute(
            insert_into(session, Draft)
            .values(
                journey=place.journey.name,
                journey_version=place.journey.version,
                holder=place.holder,
                answers={},
                version=1,
                submission_key=secrets.token_urlsafe(32),
                created_at=at,
                updated_at=at,
                expires_at=at + place.lifetime,
            )
            .on_conflict_do_nothing(index_elements=[Draft.journey, Draft.holder])
        )
        enqueue(session, EXPIRE, {}, run_at=at + place.lifetime, key=EXPIRE)
        draft = find_draft(session, place, at, lock=True)
    if draft is None or draft.sent:
        raise AlreadySubmitted(reference=draft.reference if draft else None)
    return draft


def begin_with(
    session: Session,
    *,
    journey: str,
    version: str,
    holder: str,
    answers: Answers,
    until: datetime,
    at: datetime,
) -> None:
    """Put a draft with these answers in the place of any draft or marker that this holder has."""
    session.execute(delete(Draft).where(Draft.journey == journey, Draft.holder == holder))
    session.add(
        Draft(
            journey=journey,
            journey_version=version,
            holder=holder,
            answers=answers.to_json(),
            submission_key=secrets.token_urlsafe(32),
            created_at=at,
            updated_at=at,
            expires_at=until,
        )
    )
    session.flush()
    enqueue(session, EXPIRE, {}, run_at=until, key=EXPIRE)


def change_answers(session: Session, place: Place, change: Change, at: datetime) -> Draft:
    """Apply a change to what is stored now, whatever another tab has saved meanwhile."""
    draft = open_draft(session, place, at)
    answers = change(Answers.from_json(draft.answers))
    draft.answers = answers.to_json()
    draft.journey_version = place.journey.version
    draft.version += 1
    draft.updated_at, draft.expires_at = at, at + place.lifetime
    place.saved(session, answers, at)
    return draft


def save_step(
    session: Session,
    place: Place,
    slug: str,
    answers: Stored,
    at: datetime,
    *,
    completed: bool | None = None,
    seen: str | None = None,
) -> Draft:
    """Store one page's answers; `completed` marks its section in a task list.

    Raises Overtaken where others are stored by now than the page showed (`seen`).
    """

    def change(before: Answers) -> Answers:
        refuse_unseen(before.steps.get(slug), answers, seen)
        after = place.looked_at(before.with_step(slug, answers), slug)
        if completed is None:
            return after
        return after.with_completed(place.section_of(slug), completed=completed)

    return change_answers(session, place, change, at)


def save_item(
    session: Session, place: Place, slug: str, item: Item, at: datetime, *, seen: str | None = None
) -> Draft:
    """Store one entry of a repeating step; the same id twice is one entry. Raises Overtaken as save_step."""

    def change(before: Answers) -> Answers:
        stored = before.item(slug, item.id)
        refuse_unseen(stored.answers if stored else None, item.answers, seen)
        return place.looked_at(before.with_item(slug, item), slug)

    return change_answers(session, place, change, at)


def remove_item(session: Session, place: Place, slug: str, identifier: str, at: datetime) -> Draft:
    """Take one entry out."""

    def change(before: Answers) -> Answers:
        return place.looked_at(before.without_item(slug, identifier), slug)

    return change_answers(session, place, change, at)


def keep_longer(session: Session, place: Place, until: datetime, at: datetime) -> Draft | None:
    """Keep the holder's draft until then at least, for somebody who was asked to wait; it counts as a use."""
    draft = find_draft(session, place, at, lock=True)
    if draft is not None and not draft.sent:
        draft.updated_at, draft.expires_at = at, max(draft.expires_at, at + place.lifetime, until)
    return draft


def holds_drafts(session: Session, holder: str) -> bool:
    """Whether this holder has a draft or a marker of any journey."""
    return session.scalar(select(Draft.id).where(Draft.holder == holder).limit(1)) is not None


def lock_answers(session: Session, journey: str, holders: Collection[str]) -> None:
    """Lock these holders’ drafts, before anything that is kept beside them: the order of a save."""
    mine = (Draft.journey == journey, Draft.holder.in_(holders))
    session.scalars(select(Draft.id).where(*mine).order_by(Draft.id).with_for_update()).all()


def discard(session: Session, place: Place) -> None:
    """Delete the holder's draft, or the marker of what was sent: a new one can then be begun."""
    session.execute(delete(Draft).where(Draft.journey == place.journey.name, Draft.holder == place.holder))
    place.discarded(session)


def forget_marker(session: Session, place: Place) -> None:
    """Delete the marker of what was sent, and no draft: for whoever begins the same anew."""
    mine = (Draft.journey == place.journey.name, Draft.holder == place.holder)
    session.execute(delete(Draft).where(*mine, Draft.reference.is_not(None)))


def expired_drafts(session: Session, at: datetime) -> list[Due]:
    """What `expire_drafts` would delete, for `portal retention`; whose it is is not said."""
    wanted = select(Draft.id, Draft.expires_at).where(Draft.expires_at <= at).order_by(Draft.id)
    rows = session.execute(wanted)
    return [Due("draft of a form", f"FORM-{row.id}", local_date(row.expires_at)) for row in rows]


def expire_drafts(session: Session, at: datetime) -> int:
    """Delete drafts that nobody touched for their lifetime, and old markers; returns how many.

    Asks to be run again when the next one runs out. Passes over what somebody holds locked: whoever begins
    anew over an old draft waits for this job's row while holding the draft's, and would wait for ever.
    """
    out = select(Draft.id).where(Draft.expires_at <= at).with_for_update(skip_locked=True)
    gone = len(session.scalars(delete(Draft).where(Draft.id.in_(out)).returning(Draft.id)).all())
    following = session.scalar(select(func.min(Draft.expires_at)))
    if following is not None:
        enqueue(session, EXPIRE, {}, run_at=max(following, at + EXPIRE_EVERY), key=EXPIRE)
    return gone


def prepare(
    draft: Draft | None,
    progress: Progress,
    at: datetime,
    *,
    final: PortalForm,
    seen_version: int,
    signs: tuple[str, ...] = (),
) -> Submission:
    """Judge the stored answers once more and make what will be sent; before the transaction, to be short.

    `final` are the confirmations, judged already. Raises NotReady when something on the path is missing,
    AnswersChanged when the answers are not those of version `seen_version`.
    """
    if draft is None or not progress.ready:
        raise NotReady
    if draft.version != seen_version:
        raise AnswersChanged
    return Submission(
        answers=progress.on_path,
        snapshot=snapshot_of(progress, final),
        key=draft.submission_key,
        final=final.answers(),
        signs=signs,
        version=progress.journey.version,
        started_at=draft.created_at,
        at=at,
    )


def send(session: Session, place: Place, submit: Submit, submission: Submission, *, version: int) -> str:
    """Send what was prepared from the draft's `version` and give the reference; again gives the same one.

    Raises AnswersChanged when something was saved meanwhile, and what `submit` raises.
    """
    draft = find_draft(session, place, submission.at, lock=True)
    if draft is not None and draft.reference is not None:
        return draft.reference
    if draft is None or (draft.version, draft.submission_key) != (version, submission.key):
        raise AnswersChanged
    draft.reference = submit(session, submission)
    draft.answers = {}
    draft.updated_at, draft.expires_at = submission.at, submission.at + MARKER_LIFETIME
    return draft.reference
