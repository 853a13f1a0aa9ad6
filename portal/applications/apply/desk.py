"""What one request knows of an application: the advert, the candidate, what was begun or sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from flask import g, request
from sqlalchemy.orm import Session

from portal.applications.admissions.current import admission_of
from portal.applications.apply import queries
from portal.applications.apply.journey import journey_for
from portal.applications.apply.needs import Needs, needs_of
from portal.applications.apply.service import Sending
from portal.applications.candidates.models import ApplicationDraft, Candidate, holder_of
from portal.applications.candidates.queries import key_of
from portal.applications.history.sections import history_facts
from portal.applications.keeping.schedule import draft_goes_on
from portal.applications.models import Application
from portal.core import clock
from portal.core.context import current_actor, current_settings
from portal.core.database import read
from portal.core.errors import NotFound
from portal.journeys.engine import Journey
from portal.vacancies.models import Vacancy
from portal.vacancies.wording import title_and_team

FAR_ENOUGH = timedelta(days=366)


@dataclass
class Desk:
    """Everything about one candidate’s application for one advert, read once in a request."""

    vacancy: Vacancy
    candidate_id: int
    at: datetime

    @property
    def holder(self) -> str:
        """The key of the journey’s answers."""
        return holder_of(self.candidate_id, self.vacancy.id)

    @cached_property
    def needs(self) -> Needs:
        """What the advert asks."""
        return needs_of(self.vacancy)

    @property
    def title_and_team(self) -> str:
        """What is applied for."""
        return title_and_team(self.vacancy)

    @property
    def journey(self) -> Journey:
        """The form of this advert."""
        return journey_for(self.needs)

    @property
    def is_open(self) -> bool:
        """Whether this candidate can apply: everybody can, or HR has admitted them late."""
        return self.vacancy.is_open(self.at) or self.admitted_until is not None

    @cached_property
    def admitted_until(self) -> datetime | None:
        """Until when HR lets this candidate send after closing."""
        if self.vacancy.cancelled_at is not None or self.vacancy.archived_at is not None:
            return None
        found = admission_of(read(), self.vacancy.id, key_of(self.candidate_id), self.at)
        return found.until if found is not None else None

    @property
    def closes_at(self) -> datetime | None:
        """By when this candidate has to send."""
        return self.vacancy.closes_at if self.vacancy.is_open(self.at) else self.admitted_until

    @cached_property
    def draft(self) -> ApplicationDraft | None:
        """What was begun and neither sent nor deleted."""
        session: Session = read()
        return queries.draft_of(session, self.vacancy.id, self.candidate_id)

    @cached_property
    def application(self) -> Application | None:
        """What was sent and not withdrawn."""
        return queries.live_application(read(), self.vacancy.id, self.candidate_id)

    @cached_property
    def earlier(self) -> Application | None:
        """The last application, if its answers may still be taken over."""
        months = current_settings().council.applications.reuse_months
        since = clock.london_instant(clock.add_months(clock.london(self.at).date(), -months), time.min)
        return queries.last_application(read(), self.candidate_id, since)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the account, the advert and the council contribute to the questions."""
        candidate = read().get_one(Candidate, self.candidate_id)
        return {
            **history_facts(current_settings().council),
            "email": candidate.email,
            "registers": self.needs.registers,
            "asks_travel": self.needs.travel,
            "regulated": self.needs.regulated,
            "desk": self,
        }

    @property
    def lifetime(self) -> timedelta:
        """How long the journey would keep the answers: past every extension that may still come.

        They go sooner, by the schedule, counted from when the advert ended in the end (keeping).
        """
        return max((self.vacancy.ended_at or self.at) - self.at, timedelta(0)) + FAR_ENOUGH

    @property
    def kept_until(self) -> date | None:
        """The day on which it goes, if it is not sent and the advert stays as it is."""
        periods = current_settings().council.retention
        return draft_goes_on(self.vacancy.ended_at, periods)

    def sending(self) -> Sending:
        """What the service has to know."""
        return Sending(
            vacancy_id=self.vacancy.id,
            candidate_id=self.candidate_id,
            facts=self.facts,
            council=current_settings().council,
            by=current_actor(),
        )


def current_desk() -> Desk:
    """The desk of the address that is asked for; raises NotFound for what the public may not read."""
    reference = str((request.view_args or {}).get("vacancy", ""))
    kept: Desk | None = g.get("application_desk")
    if kept is not None and kept.vacancy.reference == reference:
        return kept
    at = clock.now()
    vacancy = queries.vacancy_to_apply_for(read(), reference)
    candidate_id = current_actor().candidate_id
    if vacancy is None or candidate_id is None or not vacancy.is_readable(at):
        raise NotFound
    desk = Desk(vacancy, candidate_id, at)
    g.application_desk = desk
    return desk
