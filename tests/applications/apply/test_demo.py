"""Demonstration applications: complete, plainly made up, in different states."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal.accounts.demo import load_demo_staff, prepare_demo_staff
from portal.applications.apply.journey import journey_for
from portal.applications.apply.needs import needs_of
from portal.applications.apply.queries import vacancy_to_apply_for
from portal.applications.candidates.models import Candidate
from portal.applications.demo import load_demo_applications
from portal.applications.models import Application, ApplicationHistory, CandidateMessage
from portal.applications.options import HistoryKind
from portal.core.access import Actor
from portal.core.database import Database
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.journeys.answers import Answers
from portal.journeys.engine import Progress
from portal.vacancies.demo import load_demo_vacancies
from portal.vacancies.models import Vacancy


@pytest.fixture
def loaded(app: Flask, db: Database, at: datetime) -> None:
    with app.app_context(), db.transaction() as session:
        by = Actor.system("demonstration data")
        load_demo_staff(session, prepare_demo_staff("heron umbrella fjord 42"), by=by, at=at)
        load_demo_vacancies(session, at)
        assert load_demo_applications(session, at, load_council()) == 5
        assert load_demo_applications(session, at, load_council()) == 0, "twice is once"


@pytest.mark.usefixtures("loaded")
def test_they_are_marked_made_up_and_silent(db: Database, at: datetime) -> None:
    with db.reading() as session:
        found = list(session.scalars(select(Application).order_by(Application.id)))
        assert [one.status.value for one in found] == [
            *("submitted", "shortlisted", "not_shortlisted", "interview_invited", "interview_invited")
        ]
        assert all(one.is_demo for one in found)
        assert all(one.email.endswith("@example.com") for one in found)
        assert [one.told_status.value for one in found] == ["submitted"] * 5
        assert session.scalars(select(CandidateMessage)).all(), "answers wait to be released"
        assert not session.scalars(select(OutgoingMail)).all()
        changed = select(ApplicationHistory).where(ApplicationHistory.kind == HistoryKind.INTERVIEW_CHANGED)
        (line,) = session.scalars(changed)
        (moved,) = [one for one in found if one.id == line.application_id]
        (first,) = [one for one in found if one.interview_at and one is not moved]
        assert moved.interview_at is not None
        assert first.interview_at is not None
        assert at < first.interview_at < moved.interview_at


@pytest.mark.usefixtures("loaded")
def test_each_is_a_complete_application(db: Database) -> None:
    with db.reading() as session:
        for one in session.scalars(select(Application).options(undefer(Application.answers))):
            reference = session.scalars(select(Vacancy.reference).where(Vacancy.id == one.vacancy_id)).one()
            vacancy = vacancy_to_apply_for(session, reference)
            assert vacancy is not None
            needs = needs_of(vacancy)
            facts = {"registers": needs.registers, "asks_travel": needs.travel, "email": one.email}
            answers = Answers.from_json(one.answers)
            progress = Progress(journey_for(needs), answers, {**facts, "gap_min_months": 1})
            missing = progress.first_missing
            assert missing is None, (one.given_names, missing.slug, progress.form(missing).errors)
            assert session.get(Candidate, one.candidate_id)
