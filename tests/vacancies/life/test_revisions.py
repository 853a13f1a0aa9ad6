"""What an advert said from one save to the next, in words for people and in codes for the audit."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import inspect, select

from portal.core.audit import AuditEvent, verify
from portal.vacancies.life.fields import WRITTEN, said
from portal.vacancies.life.revisions import content_of, differences, keep_baseline, record_revision
from portal.vacancies.models import Vacancy
from portal.vacancies.options import JobFamily
from portal.vacancies.writing.models import VacancyRevision
from tests.support.builders import make_criterion, make_team
from tests.vacancies.life.adverts import load, look, make_advert, make_hr

NOT_WRITTEN = {
    *("id", "reference", "slug", "version", "is_demo", "copied_from_id", "relisted", "created_at"),
    *("updated_at", "created_by_id", "writers", "team_id", "submitted_at", "approved_at", "approved_by_id"),
    *("closed_early_at", "cancelled_at", "outcome", "outcome_at", "posts_filled", "archived_at"),
}


@pytest.fixture
def saved(db, at):
    """Change an advert and save it: the changes in words, and the audit event of the save."""

    def save(**changes):
        with db.transaction() as session:
            by = make_hr(session)
            vacancy = load(session, make_advert(session).reference)
            first = record_revision(session, vacancy, by=by, at=at)
            for name, value in changes.items():
                setattr(vacancy, name, value)
            second = record_revision(session, vacancy, by=by, at=at)
        if second is None:
            return [], None
        with db.reading() as session:
            event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        return differences(first.content, second.content), event

    return save


def test_every_column_is_either_written_or_decided():
    columns = {column.key for column in inspect(Vacancy).column_attrs}
    assert columns - NOT_WRITTEN == set(WRITTEN) - {"team", "criteria", "panel"}


def test_the_content_is_plain_json_and_equal_after_a_round_trip(db):
    with db.transaction() as session:
        vacancy = make_advert(session, starts_on=date(2027, 1, 4), hours_per_week=Decimal("22.20"))
        before = content_of(load(session, vacancy.reference))
    with db.reading() as session:
        after = content_of(look(session, vacancy.reference))
    assert before == after == json.loads(json.dumps(after))
    assert (after["hours_per_week"], after["starts_on"], after["family"]) == (
        "22.2",
        "2027-01-04",
        "social_work",
    )
    assert len(after["criteria"]) == 3
    assert after["panel"][0]["trained_on"] == "2025-03-04"


def test_codes_numbers_and_dates_are_said_before_and_after(saved):
    changes, event = saved(
        family=JobFamily.MANAGEMENT, salary_max=46_000, starts_on=date(2027, 1, 4), title="Team manager"
    )
    assert [tuple(change) for change in changes] == [
        ("Job title", "Social worker", "Team manager"),
        ("Kind of work", "Social work", "Management"),
        ("Start date", "Nothing", "4 January 2027"),
        ("Highest salary", "£45,000", "£46,000"),
    ]
    assert event.event == "vacancy.changed"
    assert event.facts["revision"] == 2
    assert event.facts["changes"] == {
        "title": ["Social worker", "Team manager"],
        "family": ["social_work", "management"],
        "starts_on": [None, "2027-01-04"],
        "salary_max": [45_000, 46_000],
    }


def test_the_audit_holds_no_long_text_and_no_person(saved):
    criteria = [make_criterion(n, wording=f"Secret wording {n}") for n in (1, 2, 3)]
    changes, event = saved(
        description="A secret text", contact_name="Petra Secret", panel=[], criteria=criteria
    )
    words = json.dumps(event.facts)
    assert "ecret" not in words
    assert event.facts["changes"]["contact_name"] == "changed"
    assert event.facts["changes"]["panel"] == "changed"
    assert event.facts["changes"]["description"][1].startswith("13 characters, ")
    assert {change.label for change in changes} == {"The work", "Contact", "Criteria", "Panel"}
    assert "Essential: Secret wording 1 (application)" in str(changes)
    assert "Sam Example, sam.example@example.org, trained in safer recruitment on 4 March 2025" in str(
        changes
    )


def test_a_save_without_a_change_is_no_revision(saved, db):
    assert saved(title="Social worker") == ([], None)
    with db.reading() as session:
        assert session.scalars(select(VacancyRevision.number)).all() == [1]
        assert verify(session).intact


def test_another_team_is_a_change_although_it_is_a_row(db, at):
    with db.transaction() as session:
        by = make_hr(session)
        vacancy = load(session, make_advert(session).reference)
        first = record_revision(session, vacancy, by=by, at=at)
        before = vacancy.team.name
        vacancy.team_id = make_team(session, slug="jigsaw-test", name="JIGSAW").id
        second = record_revision(session, vacancy, by=by, at=at)
    assert differences(first.content, second.content) == [("Team", before, "JIGSAW")]


def test_the_first_is_kept_before_it_is_changed_and_only_once(db, at):
    with db.transaction() as session:
        vacancy = load(session, make_advert(session).reference)
        keep_baseline(session, vacancy, at=at)
        keep_baseline(session, vacancy, at=at)
    with db.reading() as session:
        assert session.scalars(select(VacancyRevision.number)).all() == [1]


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_is_said_as_nothing(name):
    assert said(name, None) == "Nothing"


def test_everything_of_an_advert_can_be_said(db):
    with db.transaction() as session:
        content = content_of(load(session, make_advert(session).reference))
    words = {name: said(name, value) for name, value in content.items()}
    assert all(isinstance(word, str) and word for word in words.values())
    assert words["closes_at"] == "11:59pm on Sunday 13 December 2026"
    assert words["working_patterns"] == "Full time"
