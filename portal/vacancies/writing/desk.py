"""What one request knows of the writing it is about: the working copy, the advert behind it, the lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import g, request
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.context import current_settings
from portal.core.database import read
from portal.core.errors import Conflict, NotFound
from portal.core.fields import Choice
from portal.inspections.queries import QuotationCard, quotation_choices
from portal.journeys.answers import Answers
from portal.journeys.engine import Journey, Progress
from portal.vacancies.models import Decision, Vacancy
from portal.vacancies.options import Status
from portal.vacancies.writing import queries
from portal.vacancies.writing.journey import CHANGE_OPEN_ADVERT, WRITE_ADVERT
from portal.vacancies.writing.models import VacancyDraft
from portal.vacancies.writing.preview import draft_vacancy, written_of
from portal.vacancies.writing.record import answers_of
from portal.vacancies.writing.service import is_public


class WritingGone(Conflict):
    """Something was sent to writing that somebody has ended meanwhile; gone.py shows what was typed."""


@dataclass
class Desk:
    """Everything about one piece of writing, read once in a request."""

    reference: str
    at: datetime
    draft: VacancyDraft | None

    @property
    def holder(self) -> str:
        """The key of the journey's answers."""
        return VacancyDraft(reference=self.reference).holder

    @cached_property
    def vacancy(self) -> Vacancy | None:
        """The advert that the writing changes; without writing, the advert of this reference."""
        if self.draft is None:
            return queries.advert(read(), self.reference)
        return queries.advert_by_id(read(), self.draft.vacancy_id) if self.draft.vacancy_id else None

    @property
    def is_public(self) -> bool:
        """Whether the public can read that advert."""
        return self.vacancy is not None and is_public(self.vacancy, self.at)

    @property
    def moved_on(self) -> bool:
        """Whether the advert was changed since the writing began."""
        return (
            self.draft is not None
            and self.vacancy is not None
            and self.vacancy.version != self.draft.base_version
        )

    @cached_property
    def sent_back(self) -> Decision | None:
        """Who sent it back and why, while nobody has sent it for approval again."""
        if self.vacancy is None or self.vacancy.status(self.at) is not Status.DRAFT:
            return None
        return queries.sent_back(read(), self.vacancy.id)

    @property
    def journey(self) -> Journey:
        """The pages that may be written now."""
        return CHANGE_OPEN_ADVERT if self.is_public else WRITE_ADVERT

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the council contributes to the questions."""
        session: Session = read()
        team = current_settings().council.recruitment
        today = clock.london(self.at).date()
        staff = queries.staff_with(session, "vacancies.approve", "vacancies.write")
        closes_at = self.vacancy.closes_at if self.vacancy is not None and self.is_public else None
        return {
            "at": self.at,
            "today": today,
            "teams": queries.teams(session, today, self.vacancy.team.slug if self.vacancy else ""),
            "full_time_hours": team.full_time_hours,
            "shortest_window_days": team.shortest_window_days,
            "managers": staff["vacancies.approve"],
            "hr": staff["vacancies.write"],
            "quotations": [
                Choice(str(card.id), f"“{card.words}”", hint_of(card)) for card in quotation_choices(session)
            ],
            "is_public": self.is_public,
            "closes_on": clock.london(closes_at).date() if closes_at else None,
            "desk": self,
        }

    @cached_property
    def answers(self) -> Answers:
        """What is written so far; without writing, what the advert says."""
        if self.draft is None:
            return answers_of(self.vacancy) if self.vacancy is not None else Answers()
        kept = queries.answers_kept(read(), self.holder, self.at)
        return Answers.from_json(kept.answers) if kept is not None else Answers()

    def progress(self, answers: Answers | None = None) -> Progress:
        """How far the writing has come."""
        return Progress(self.journey, self.answers if answers is None else answers, self.facts)

    def as_vacancy(self, progress: Progress) -> Vacancy:
        """The advert that would be made of these answers."""
        return draft_vacancy(
            written_of(progress),
            self.at,
            reference=self.reference,
            teams=dict(self.facts["teams"]),
            full_time_hours=self.facts["full_time_hours"],
            base=self.vacancy,
        )


def current_desk() -> Desk:
    """The desk of the address that is asked for; raises NotFound where nothing is or was written there."""
    reference = str((request.view_args or {}).get("reference", ""))
    kept: Desk | None = g.get("vacancy_desk")
    if kept is not None and kept.reference == reference:
        return kept
    at = clock.now()
    desk = Desk(reference, at, queries.working_copy(read(), reference))
    g.vacancy_desk = desk
    return desk


def desk_to_write_at() -> Desk:
    """The same where there is writing in progress, or a marker of what was sent a while ago.

    The page that says that the writing was discarded needs nothing to be there. Raises NotFound, and
    WritingGone for whoever was just sending something.
    """
    desk = current_desk()
    discarded = request.endpoint == "vacancy_writing.deleted"
    if desk.draft is None and not discarded and not was_sent(desk):
        raise WritingGone if request.method == "POST" else NotFound
    return desk


def was_sent(desk: Desk) -> bool:
    """Whether the writing became an advert within the last day."""
    kept = queries.answers_kept(read(), desk.holder, desk.at)
    return kept is not None and kept.sent


def hint_of(card: QuotationCard) -> str:
    """What the words are about, and where they stand."""
    about = card.about[:1].upper() + card.about[1:]
    return ". ".join(part for part in (about, card.source) if part)
