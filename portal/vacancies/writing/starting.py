"""Beginning to write: from nothing, from a template, from another advert; and ending it without an advert."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.inspections.queries import quotation_choices
from portal.journeys.answers import Answers
from portal.journeys.models import Draft
from portal.journeys.service import begin_with
from portal.vacancies.code_list import with_ids
from portal.vacancies.models import Vacancy
from portal.vacancies.writing.events import WRITING_DISCARDED, WRITING_STARTED
from portal.vacancies.writing.models import VacancyDraft
from portal.vacancies.writing.names import JOURNEY, LIFETIME, VERSION
from portal.vacancies.writing.numbers import new_reference
from portal.vacancies.writing.queries import working_copy_of, working_copy_to_change
from portal.vacancies.writing.record import answers_of, for_copy, with_evidence_of

LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new advert begins with."""

    kind: str = "blank"
    source: str = ""
    answers: Answers = field(default_factory=Answers)
    copied_from_id: int | None = None


def from_advert(vacancy: Vacancy, *, relist: bool) -> Beginning:
    """A copy for another post, or the same post advertised again: everything but dates and decisions."""
    kind = "relist" if relist else "copy"
    return Beginning(kind, vacancy.reference, for_copy(answers_of(vacancy)), vacancy.id)


def looked_after(answers: Answers, by: Actor) -> Answers:
    """The same, with somebody in HR for it: where the copied advert names nobody, whoever copies it."""
    stored = answers.steps.get("responsible", {})
    if stored.get("hr_owner") or by.id is None:
        return answers
    return answers.with_step("responsible", {**stored, "hr_owner": str(by.id)})


def start_draft(
    session: Session, beginning: Beginning, *, prefix: str, by: Actor, at: datetime
) -> VacancyDraft:
    """Begin an advert; it has its reference from now on."""
    draft = VacancyDraft(
        reference=new_reference(session, prefix, at),
        copied_from_id=beginning.copied_from_id,
        relisted=beginning.kind == "relist",
        title=title_in(beginning.answers),
        created_at=at,
        created_by_id=by.id,
        created_by_name=by.name,
        updated_at=at,
        updated_by_name=by.name,
        writers=with_ids("", by.id),
    )
    session.add(draft)
    session.flush()
    copied = beginning.copied_from_id is not None
    keep_answers(session, draft, looked_after(beginning.answers, by) if copied else beginning.answers, at)
    note_start(session, draft, beginning.kind, beginning.source, by=by, at=at)
    return draft


def open_working_copy(session: Session, vacancy: Vacancy, *, by: Actor, at: datetime) -> VacancyDraft:
    """The working copy of an advert, begun from what it says now; the open one where there is one already.

    Needs team, criteria and panel loaded.
    """
    found = working_copy_of(session, vacancy.id)
    if found is not None:
        return found
    session.flush()
    draft = VacancyDraft(
        reference=vacancy.reference,
        vacancy_id=vacancy.id,
        base_version=vacancy.version,
        title=vacancy.title,
        created_at=at,
        created_by_id=by.id,
        created_by_name=by.name,
        updated_at=at,
        updated_by_name=by.name,
    )
    session.add(draft)
    session.flush()
    keep_answers(session, draft, answers_of(vacancy), at)
    note_start(session, draft, "change", vacancy.reference, by=by, at=at)
    return draft


def keep_answers(session: Session, draft: VacancyDraft, answers: Answers, at: datetime) -> None:
    """Put these answers into the journey's draft, without the words of an inspection that is past."""
    until = at + LIFETIME
    if answers.get("evidence"):
        offered = {str(card.id) for card in quotation_choices(session)}
        answers = with_evidence_of(answers, offered)
    begin_with(
        session, journey=JOURNEY, version=VERSION, holder=draft.holder, answers=answers, until=until, at=at
    )


def note_start(
    session: Session, draft: VacancyDraft, begun_from: str, source: str, *, by: Actor, at: datetime
) -> None:
    """The audit of a beginning."""
    facts = {"begun_from": begun_from, "source": source}
    audit.record(session, WRITING_STARTED, by=by, at=at, subject=draft.reference, **facts)


def note_save(session: Session, reference: str, answers: Answers, *, by: Actor, at: datetime) -> bool:
    """Keep beside the answers what lists show of them: the title, and who saved last.

    False where there is no writing of this reference any more.
    """
    draft = working_copy_to_change(session, reference)
    if draft is None:
        return False
    draft.title = title_in(answers)
    draft.updated_at, draft.updated_by_name = at, by.name
    draft.writers = with_ids(draft.writers, by.id)
    return True


def title_in(answers: Answers) -> str | None:
    """The title as written so far, as much of it as a list holds."""
    title = answers.get("title")
    return title[:LONGEST_TITLE] if isinstance(title, str) and title else None


def forget_working_copy(session: Session, reference: str, *, by: Actor, at: datetime) -> None:
    """Discard the writing beside the journey's draft; the advert that it was to change stays as it is."""
    gone = session.execute(
        delete(VacancyDraft).where(VacancyDraft.reference == reference).returning(VacancyDraft.id)
    )
    if gone.all():
        audit.record(session, WRITING_DISCARDED, by=by, at=at, subject=reference)


def discard(session: Session, reference: str, *, by: Actor, at: datetime) -> None:
    """Discard the writing with all its answers."""
    holder = VacancyDraft(reference=reference).holder
    session.execute(delete(Draft).where(Draft.journey == JOURNEY, Draft.holder == holder))
    forget_working_copy(session, reference, by=by, at=at)


def forget_old_writing(session: Session, at: datetime) -> None:
    """Delete writing whose answers ran out: nobody saved anything for a year."""
    session.execute(delete(VacancyDraft).where(VacancyDraft.updated_at <= at - LIFETIME))
