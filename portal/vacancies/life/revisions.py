"""What an advert said from one save to the next, and how two versions differ.

A revision keeps the whole content, so that history shows words; the audit keeps codes, numbers, dates and
the title with before and after, long texts by length and digest, and of people only that they changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.vacancies.life.events import VACANCY_CHANGED, VACANCY_WRITTEN
from portal.vacancies.life.fields import WRITTEN, said
from portal.vacancies.models import ServiceTeam, Vacancy
from portal.vacancies.writing.models import VacancyRevision

Content = dict[str, Any]
NOT_COLUMNS = ("team", "criteria", "panel")


class Change(NamedTuple):
    """One field that two versions disagree about, in words."""

    label: str
    before: str
    after: str


def content_of(vacancy: Vacancy) -> Content:
    """Everything written in an advert as JSON values; needs team, criteria and panel loaded."""
    content: Content = {name: plain(getattr(vacancy, name)) for name in WRITTEN if name not in NOT_COLUMNS}
    content["team"] = vacancy.team.name
    content["criteria"] = [
        {
            "wording": line.wording,
            "importance": line.importance.value,
            "assessed_by": sorted(line.assessed_by),
        }
        for line in vacancy.criteria
    ]
    content["panel"] = [
        {"name": one.name, "email": one.email, "trained_on": plain(one.safer_recruitment_trained_on)}
        for one in vacancy.panel
    ]
    return content


def plain(value: Any) -> Any:
    """A column's value as JSON: instants in UTC, dates in ISO, decimals without trailing noughts."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case str():
            return str(value)
        case list() | tuple():
            return [plain(part) for part in value]
        case _:
            return value


def record_revision(session: Session, vacancy: Vacancy, *, by: Actor, at: datetime) -> VacancyRevision | None:
    """Keep what the advert says now, with the audit of what changed; None when nothing did.

    To be called after every change of what is written; flushes. Needs criteria and panel loaded.
    """
    session.flush()
    if "team" not in vacancy.__dict__ or vacancy.team.id != vacancy.team_id:
        vacancy.team = session.get_one(ServiceTeam, vacancy.team_id)
    content, last = content_of(vacancy), last_revision(session, vacancy.id)
    if last is not None and not changed(last.content, content):
        return None
    number = last.number + 1 if last is not None else 1
    revision = VacancyRevision(
        vacancy_id=vacancy.id,
        number=number,
        saved_at=at,
        by_id=by.id,
        by_name=by.name or by.kind,
        content=content,
    )
    session.add(revision)
    session.flush()
    note(session, vacancy, last, revision, by=by, at=at)
    return revision


def keep_baseline(session: Session, vacancy: Vacancy, *, at: datetime) -> None:
    """Before the first change of an advert that has no revision yet, keep what it said until then."""
    if last_revision(session, vacancy.id) is None:
        record_revision(session, vacancy, by=Actor.system("as it was before"), at=at)


def last_revision(session: Session, vacancy_id: int) -> VacancyRevision | None:
    """The newest revision of an advert."""
    wanted = select(VacancyRevision).where(VacancyRevision.vacancy_id == vacancy_id)
    return session.scalars(wanted.order_by(VacancyRevision.number.desc()).limit(1)).first()


def note(
    session: Session,
    vacancy: Vacancy,
    last: VacancyRevision | None,
    revision: VacancyRevision,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The audit of one save."""
    seal = digest(revision.content)
    if last is None:
        facts = {"title": vacancy.title, "digest": seal}
        audit.record(session, VACANCY_WRITTEN, by=by, at=at, subject=vacancy.reference, **facts)
        return
    changes = {
        name: for_audit(name, last.content.get(name), revision.content[name])
        for name in changed(last.content, revision.content)
    }
    number = revision.number
    audit.record(
        session,
        VACANCY_CHANGED,
        by=by,
        at=at,
        subject=vacancy.reference,
        revision=number,
        changes=changes,
        digest=seal,
    )


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the fields that differ, in the order of the forms."""
    return [name for name in WRITTEN if before.get(name) != after.get(name)]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What changed, in words."""
    return [
        Change(WRITTEN[name].label, said(name, before.get(name)), said(name, after.get(name)))
        for name in changed(before, after)
    ]


def for_audit(name: str, before: Any, after: Any) -> Any:
    """The pair before and after, as far as the audit may hold it."""
    kind = WRITTEN[name].audit
    if kind == "changed":
        return "changed"
    return [summary(before), summary(after)] if kind == "digest" else [before, after]


def summary(value: Any) -> str:
    """A long text by its length and the beginning of its digest."""
    text = value if isinstance(value, str) else canonical(value) if value else ""
    return f"{len(text)} characters, {hashlib.sha256(text.encode()).hexdigest()[:16]}" if text else ""


def digest(content: Mapping[str, Any]) -> str:
    """The digest of a whole content: a revision that somebody changed in the database shows."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON that is the same for the same values, however a database orders keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
