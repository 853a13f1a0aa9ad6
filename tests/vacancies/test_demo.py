"""The demonstration adverts: complete, careful, plainly marked, and never real."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.clock import london
from portal.core.page_cache import Publication
from portal.core.working_days import WorkingCalendar
from portal.inspections.queries import evidence_cards
from portal.vacancies.demo import FOLDER, advert_in, load_demo_vacancies
from portal.vacancies.models import Vacancy
from portal.vacancies.options import DbsLevel, Importance, Registration
from portal.vacancies.pay import actual_pay
from portal.vacancies.queries import open_counts
from portal.vacancies.wording import closes_soon

FICTIONAL_NUMBER = re.compile(r"01632 960\d{3}|01632 960 \d{3}")
MOMENTS = [
    datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # the night the clocks go forward
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # and back
    datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
]


def load(db, at):
    with db.transaction() as session:
        load_demo_vacancies(session, at)
    with db.reading() as session:
        children = (
            selectinload(Vacancy.criteria),
            selectinload(Vacancy.panel),
            selectinload(Vacancy.decisions),
        )
        return list(session.scalars(select(Vacancy).options(*children).order_by(Vacancy.reference)))


def words_of(vacancy) -> int:
    parts = (vacancy.summary, vacancy.description, vacancy.about_team, vacancy.benefits)
    return sum(len(part.split()) for part in parts if part)


@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_there_is_something_to_see_whenever_it_is_loaded(db, at):
    adverts = load(db, at)
    open_now = [advert for advert in adverts if advert.is_open(at)]
    assert len(adverts) == 9
    assert min(Counter(advert.family for advert in open_now).values()) >= 2
    with db.reading() as session:
        assert open_counts(session, at) == dict(Counter(advert.family.value for advert in open_now))
    assert sum(advert.closes_at <= at for advert in adverts) == 1
    assert sum(closes_soon(advert.closes_at, at) for advert in open_now) == 1
    assert all(advert.is_readable(at) for advert in adverts)
    for advert in adverts:
        local = london(advert.closes_at)
        assert (local.hour, local.minute, local.second) == (23, 59, 0)
        days = [datetime.fromisoformat(text).date() for text in advert.interview_dates]
        assert days
        assert days == sorted(days)
        assert all(local.date() < day <= advert.decision_promised_on for day in days)
        assert all(map(WorkingCalendar().is_working_day, [*days, advert.decision_promised_on]))


def test_each_is_complete_and_marked_as_a_demonstration(db, at):
    for advert in load(db, at):
        assert advert.is_demo
        assert 250 <= words_of(advert) <= 400
        assert advert.contact_email.endswith("@example.org")
        assert FICTIONAL_NUMBER.fullmatch(advert.contact_phone)
        assert "Example" in advert.contact_name
        assert advert.dbs_level is DbsLevel.ENHANCED_CHILDREN
        assert advert.registration is not Registration.NONE
        assert sum(line.importance is Importance.ESSENTIAL for line in advert.criteria) >= 3
        assert [line.position for line in advert.criteria] == list(range(1, len(advert.criteria) + 1))
        assert all(line.assessed_by for line in advert.criteria)
        assert len(advert.panel) >= 2
        assert any(member.safer_recruitment_trained_on for member in advert.panel)
        assert [decision.kind.value for decision in advert.decisions] == ["submitted", "approved"]


def test_they_cover_what_screens_must_show(db, at):
    adverts = load(db, at)
    assert any(advert.asye_suitable for advert in adverts)
    assert any(actual_pay(advert) for advert in adverts)
    assert any(advert.politically_restricted for advert in adverts)
    assert any(advert.may_close_early for advert in adverts)
    assert any(advert.contract_ends_on for advert in adverts)
    assert {"soulbury_a", "council", "jnc_chief_officer"} <= {advert.pay_scale.value for advert in adverts}
    assert len({advert.summary for advert in adverts}) == len({advert.description for advert in adverts}) == 9


def test_loading_again_adds_nothing_and_the_public_pages_hear_of_it_once(db, at):
    load(db, at)
    with db.transaction() as session:
        assert load_demo_vacancies(session, at + timedelta(days=1)) == 0
    with db.reading() as session:
        assert session.scalars(select(Publication.version)).all() == [1]


def test_texts_are_in_british_typography(db, at):
    for advert in load(db, at):
        texts = [advert.title, advert.summary, advert.description, advert.about_team, advert.benefits]
        texts += [line.wording for line in advert.criteria]
        for text in filter(None, texts):
            assert not re.search(r"[\"']|ize\b|\w - \w| \n", text), text


def test_three_adverts_show_what_inspectors_said_and_none_without_an_inspection(db):
    named = [advert.evidence for advert in load(db, MOMENTS[0]) if advert.evidence]
    with db.reading() as session:
        shown = [len(evidence_cards(session, ids)) for ids in named]
    assert sorted(shown) == [1, 2, 2]
    assert all(advert_in(file, [])["evidence"] == [] for file in FOLDER.glob("*.toml"))
