"""Sending what was written: it becomes an advert that waits for approval, or changes one that there is."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, StaleEdit
from portal.core.page_cache import note_publication
from portal.vacancies.code_list import with_ids
from portal.vacancies.life.mails import tell_of_change
from portal.vacancies.life.readiness import require_ready
from portal.vacancies.life.revisions import keep_baseline, record_revision
from portal.vacancies.life.service import submit_vacancy
from portal.vacancies.life.transitions import Action, require
from portal.vacancies.models import Criterion, PanelMember, Vacancy
from portal.vacancies.options import Status
from portal.vacancies.writing import queries
from portal.vacancies.writing.models import VacancyDraft
from portal.vacancies.writing.numbers import slug_of
from portal.vacancies.writing.record import (
    FIXED_WHEN_PUBLIC,
    WHEN_NOT_ASKED,
    Written,
    answers_of,
    columns_of,
    criterion_columns,
    merge_rows,
    panel_columns,
)
from portal.vacancies.writing.starting import Beginning, from_advert, open_working_copy, start_draft

__all__ = ["Beginning", "from_advert", "is_public", "open_working_copy", "send", "start_draft"]


def is_public(vacancy: Vacancy, at: datetime) -> bool:
    """Whether the public can read it: from then on only part of it may change, and that at once."""
    return vacancy.status(at) not in {Status.DRAFT, Status.PENDING_APPROVAL, Status.SCHEDULED}


def send(
    session: Session, reference: str, written: Written, *, full_time_hours: int, by: Actor, at: datetime
) -> Vacancy:
    """Make the advert, or change it. What the public cannot read yet waits for approval, anew if need be.

    Raises NotReady with every reason, InvalidTransition for an advert that cannot be changed now, and
    StaleEdit (`now`: its answers) when it was changed since the writing began.
    """
    draft = queries.working_copy_to_change(session, reference)
    if draft is None:
        raise NotFound
    if draft.vacancy_id is None:
        vacancy = new_vacancy(draft, written, at)
    else:
        vacancy = vacancy_to_change(session, draft, at)
        keep_baseline(session, vacancy, at=at)
    public = draft.vacancy_id is not None and is_public(vacancy, at)
    with session.no_autoflush:  # judged before it reaches the database, whose own rules know no words
        write(session, vacancy, written, public=public, at=at)
        require_ready(vacancy, at)
    if draft.vacancy_id is None:
        vacancy.full_time_hours = Decimal(full_time_hours)
        session.add(vacancy)
    vacancy.writers = with_ids(vacancy.writers or "", *map(int, draft.writers.split()), by.id)
    session.delete(draft)
    session.flush()
    if not public:
        submit_vacancy(session, vacancy, by=by, at=at)
    changed = record_revision(session, vacancy, by=by, at=at)
    if public:
        note_publication(session, at)
    if public and changed is not None:
        tell_of_change(session, vacancy, by=by, at=at)
    return vacancy


def new_vacancy(draft: VacancyDraft, written: Written, at: datetime) -> Vacancy:
    """The row of a new advert, to be written."""
    return Vacancy(
        reference=draft.reference,
        slug=slug_of(str(written.answers.get("title", "")), draft.reference),
        copied_from_id=draft.copied_from_id,
        relisted=draft.relisted,
        created_at=draft.created_at,
        created_by_id=draft.created_by_id,
        updated_at=at,
        criteria=[],
        panel=[],
    )


def vacancy_to_change(session: Session, draft: VacancyDraft, at: datetime) -> Vacancy:
    """The advert that a working copy changes, locked; see send for what it raises."""
    vacancy = queries.advert_to_change(session, draft.vacancy_id or 0)
    if vacancy is None:
        raise NotFound
    if vacancy.version != draft.base_version:
        raise StaleEdit(reference=vacancy.reference, now=answers_of(vacancy), version=vacancy.version)
    require(Action.CHANGE, vacancy, vacancy.status(at))
    return vacancy


def write(session: Session, vacancy: Vacancy, written: Written, *, public: bool, at: datetime) -> None:
    """Put what was written into the row; of an advert that the public reads, only what may still change."""
    columns: dict[str, Any] = {**WHEN_NOT_ASKED, **columns_of(written, at)}
    for name, value in columns.items():
        if not (public and name in FIXED_WHEN_PUBLIC):
            setattr(vacancy, name, value)
    vacancy.team = find_team(session, written)
    vacancy.hiring_manager_id = number_in(written, "hiring_manager")
    vacancy.hr_owner_id = number_in(written, "hr_owner")
    if not public:
        merge_rows(vacancy.criteria, written.criteria, Criterion, criterion_columns)
    merge_rows(vacancy.panel, written.panel, PanelMember, panel_columns)
    accounts = queries.staff_by_email(session, [member.email.casefold() for member in vacancy.panel])
    for member in vacancy.panel:
        member.staff_id = accounts.get(member.email.casefold())
    vacancy.updated_at = at


def find_team(session: Session, written: Written) -> Any:
    """The team that was named."""
    team = queries.team_by_slug(session, str(written.answers.get("team", "")))
    if team is None:
        raise NotFound
    return team


def number_in(written: Written, name: str) -> int | None:
    """The number of a chosen person."""
    text = str(written.answers.get(name) or "")
    return int(text) if text.isdigit() else None


def take_newer_as_base(session: Session, reference: str, version: int, at: datetime) -> None:
    """The writer has seen what the advert says by now, and goes on with the own version.

    Raises StaleEdit when it was changed yet again.
    """
    draft = queries.working_copy_to_change(session, reference)
    if draft is None or draft.vacancy_id is None:
        raise NotFound
    vacancy = queries.advert_by_id(session, draft.vacancy_id)
    if vacancy is None:
        raise NotFound
    if vacancy.version != version:
        raise StaleEdit(reference=reference, now=answers_of(vacancy), version=vacancy.version)
    require(Action.CHANGE, vacancy, vacancy.status(at))
    draft.base_version = version
    draft.updated_at = at
