"""Demonstration adverts in the other states, so that each of HR’s lists has something to show.

One waits for approval, one is scheduled, one owes an answer, one was filled, one was sent back. They are
made from the texts of the nine, so that nobody has to keep more of them true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.accounts.queries import person_by_email
from portal.core.access import Actor
from portal.core.page_cache import note_publication
from portal.inspections.queries import quotation_choices
from portal.vacancies.demo import FOLDER, advert_in, demo_vacancy
from portal.vacancies.life.queries import vacancy_to_change
from portal.vacancies.life.revisions import record_revision
from portal.vacancies.models import Decision, ServiceTeam, Vacancy
from portal.vacancies.options import DecisionKind, Outcome
from portal.vacancies.writing.starting import open_working_copy

DAY = timedelta(days=1)
WRITER, SECOND, HIRING_MANAGER = "hr@example.org", "hr.second@example.org", "hiring.manager@example.org"
COMMENT = "Say how many children one worker looks after, and name the second interview day."


@dataclass(frozen=True, slots=True)
class Life:
    """One advert: whose text, under which address, when it is public, and what was decided."""

    text: str
    slug: str
    published_days_ago: int
    closes_in_days: int
    decided: tuple[tuple[DecisionKind, int], ...]
    """What, and how many days ago."""


LIVES = (
    Life("04-social-worker-jigsaw", "waits", -2, 24, ((DecisionKind.SUBMITTED, 1),)),
    Life(
        "05-educational-psychologist",
        "scheduled",
        -3,
        28,
        ((DecisionKind.SUBMITTED, 3), (DecisionKind.APPROVED, 1)),
    ),
    Life(
        "07-team-manager-assessment",
        "to-decide",
        45,
        -20,
        ((DecisionKind.SUBMITTED, 48), (DecisionKind.APPROVED, 46)),
    ),
    Life(
        "02-social-worker-family-safeguarding",
        "filled",
        90,
        -60,
        ((DecisionKind.SUBMITTED, 95), (DecisionKind.APPROVED, 92), (DecisionKind.OUTCOME, 35)),
    ),
    Life(
        "03-senior-practitioner-children-in-care",
        "sent-back",
        -5,
        30,
        ((DecisionKind.SUBMITTED, 2), (DecisionKind.SENT_BACK, 1)),
    ),
)


def load_demo_life(session: Session, at: datetime) -> int:
    """Add those that are missing; how many were added. The fictional staff must be there."""
    people = {email: person_by_email(session, email) for email in (WRITER, SECOND, HIRING_MANAGER)}
    teams = {row.slug: row.id for row in session.execute(select(ServiceTeam.slug, ServiceTeam.id))}
    there = set(session.scalars(select(Vacancy.slug).where(Vacancy.is_demo)))
    choices = quotation_choices(session)
    added = 0
    for number, life in enumerate(LIVES, 11):
        slug = f"{life.text[3:]}-{life.slug}-demonstration"
        if slug in there:
            continue
        facts = advert_in(FOLDER / f"{life.text}.toml", choices)
        facts |= {"published_days_ago": life.published_days_ago, "closes_in_days": life.closes_in_days}
        live(session, demo_vacancy(facts, slug, number, teams, at), life, people, at)
        added += 1
    if added:
        note_publication(session, at)
    return added


def live(
    session: Session, vacancy: Vacancy, life: Life, people: dict[str, StaffUser | None], at: datetime
) -> None:
    """Give the advert its decisions, what follows from them, and its first revision."""
    writer, second, manager = people[WRITER], people[SECOND], people[HIRING_MANAGER]
    when = {kind: at - days * DAY for kind, days in life.decided}
    vacancy.submitted_at = None if DecisionKind.SENT_BACK in when else when[DecisionKind.SUBMITTED]
    vacancy.approved_at = when.get(DecisionKind.APPROVED)
    vacancy.approved_by_id = second.id if second and vacancy.approved_at else None
    vacancy.created_at = when[DecisionKind.SUBMITTED] - 2 * DAY
    vacancy.updated_at = max(when.values())
    vacancy.hr_owner_id = writer.id if writer else None
    vacancy.hiring_manager_id = manager.id if manager else None
    if DecisionKind.OUTCOME in when:
        vacancy.outcome, vacancy.outcome_at = Outcome.FILLED, when[DecisionKind.OUTCOME]
        vacancy.posts_filled = vacancy.number_of_posts or 1
    vacancy.decisions = [
        decision(kind, moment, writer if kind is DecisionKind.SUBMITTED else second)
        for kind, moment in when.items()
    ]
    session.add(vacancy)
    session.flush()
    by = actor_of(writer)
    loaded = vacancy_to_change(session, vacancy.reference)
    if loaded is None:
        raise RuntimeError(f"{vacancy.reference} was not saved")
    record_revision(session, loaded, by=by, at=when[DecisionKind.SUBMITTED])
    if DecisionKind.SENT_BACK in when:
        open_working_copy(session, loaded, by=by, at=when[DecisionKind.SENT_BACK])


def decision(kind: DecisionKind, moment: datetime, person: StaffUser | None) -> Decision:
    """One decision of one of the fictional staff."""
    facts: dict[str, Any] = {"by_id": person.id if person else None}
    facts["by_name"] = person.name if person else "Kit Example"
    facts["comment"] = COMMENT if kind is DecisionKind.SENT_BACK else None
    facts["reason"] = Outcome.FILLED.value if kind is DecisionKind.OUTCOME else None
    return Decision(kind=kind, decided_at=moment, **facts)


def actor_of(person: StaffUser | None) -> Actor:
    """Who writes; the loader itself where there is no staff."""
    if person is None:
        return Actor.system("demonstration data")
    return Actor(id=person.id, name=person.name, email=person.email, kind="staff")
