"""Demonstration adverts: nine that could be real, each plainly marked as none.

The texts are files in `demo_adverts/`, whose keys are columns of a vacancy; days are counted from the
moment of loading, so that some are always open, one closes soon and one has closed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import london, london_instant
from portal.core.page_cache import note_publication
from portal.core.working_days import WorkingCalendar
from portal.inspections.queries import QuotationCard, quotation_choices
from portal.vacancies.models import Criterion, Decision, PanelMember, ServiceTeam, Vacancy
from portal.vacancies.options import CODES, DecisionKind, Importance

CALENDAR = WorkingCalendar()
FOLDER = Path(__file__).with_name("demo_adverts")

MADE_OF_TEXT: dict[str, Any] = {**CODES, "hours_per_week": Decimal}
"""Columns whose text becomes something else."""


def load_demo_vacancies(session: Session, at: datetime) -> int:
    """Add the demonstration adverts that are missing; how many were added."""
    team_ids = {row.slug: row.id for row in session.execute(select(ServiceTeam.slug, ServiceTeam.id))}
    there = set(session.scalars(select(Vacancy.slug).where(Vacancy.is_demo)))
    choices = quotation_choices(session)
    added = 0
    for number, file in enumerate(sorted(FOLDER.glob("*.toml")), 1):
        slug = f"{file.stem[3:]}-demonstration"
        if slug not in there:
            facts = advert_in(file, choices)
            session.add(demo_vacancy(facts, slug, number, team_ids, at))
            added += 1
    if added:
        note_publication(session, at)
    session.flush()
    return added


def advert_in(file: Path, choices: Sequence[QuotationCard]) -> dict[str, Any]:
    """What the file says, with the inspectors' first words about each topic that it names as evidence."""
    facts = tomllib.loads(file.read_text(encoding="utf-8"))
    first = {card.topic.value: card.id for card in reversed(choices)}
    facts["evidence"] = [first[topic] for topic in facts.pop("evidence_about", ()) if topic in first]
    return facts


def demo_vacancy(
    facts: dict[str, Any], slug: str, number: int, teams: dict[str, int], at: datetime
) -> Vacancy:
    """One advert with its criteria, its panel and its approval."""
    published = london_instant(london(at).date() - timedelta(facts.pop("published_days_ago")), time(9))
    closes_on = london(at).date() + timedelta(facts.pop("closes_in_days"))
    interviews = facts.pop("interviews_after_days")
    name, email, phone = facts.pop("contact")
    vacancy = Vacancy(
        slug=slug,
        reference=f"SCC-CS-{london(at).year}-9{number:03}",
        is_demo=True,
        team_id=teams[facts.pop("team")],
        created_at=published - timedelta(days=7),
        updated_at=published,
        submitted_at=published - timedelta(days=2),
        approved_at=published - timedelta(days=1),
        publish_at=published,
        closes_at=london_instant(closes_on, time(23, 59)),
        contact_name=name,
        contact_email=email,
        contact_phone=phone,
        hiring_manager_name=name.partition(",")[0],
        interview_dates=sorted({working_day(closes_on, days).isoformat() for days in interviews}),
        decision_promised_on=working_day(closes_on, facts.pop("decision_after_days")),
        criteria=criteria_of(facts),
        panel=panel_of(name.partition(",")[0], email, published),
        decisions=[decided(kind, published, days, by=name.partition(",")[0]) for kind, days in APPROVAL],
    )
    for column, days in DAYS_AFTER_CLOSING.items():
        if days in facts:
            setattr(vacancy, column, working_day(closes_on, facts.pop(days)))
    for column, value in facts.items():
        setattr(vacancy, column, MADE_OF_TEXT.get(column, unchanged)(value))
    return vacancy


DAYS_AFTER_CLOSING = {"starts_on": "starts_after_days", "contract_ends_on": "contract_ends_after_days"}
APPROVAL = ((DecisionKind.SUBMITTED, 2), (DecisionKind.APPROVED, 1))


def unchanged(value: Any) -> Any:
    """Text without the line breaks around it; anything else as it is."""
    return re.sub(r"\A\n+|\n+\Z", "", value) if isinstance(value, str) else value


def working_day(start: date, days: int) -> date:
    """So many days later, or the first working day after that."""
    day = start + timedelta(days=days)
    while not CALENDAR.is_working_day(day):
        day += timedelta(days=1)
    return day


def criteria_of(facts: dict[str, Any]) -> list[Criterion]:
    """The person specification, essential first."""
    lines = [(importance, line) for importance in Importance for line in facts.pop(importance.value)]
    return [
        Criterion(position=position, wording=wording, importance=importance, assessed_by=places)
        for position, (importance, (wording, places)) in enumerate(lines, 1)
    ]


def panel_of(name: str, email: str, published: datetime) -> list[PanelMember]:
    """Two people, one of them trained in safer recruitment, as every panel needs."""
    trained = published.date() - timedelta(days=200)
    members = ((name, email, trained), ("Kit Example", "kit@example.org", None))
    return [
        PanelMember(position=position, name=who, email=address, safer_recruitment_trained_on=day)
        for position, (who, address, day) in enumerate(members, 1)
    ]


def decided(kind: DecisionKind, published: datetime, days: int, *, by: str) -> Decision:
    """A decision some days before publication: HR sends, and a second person approves."""
    who = by if kind is DecisionKind.APPROVED else "Kit Example"
    return Decision(kind=kind, decided_at=published - timedelta(days=days), by_name=who)
