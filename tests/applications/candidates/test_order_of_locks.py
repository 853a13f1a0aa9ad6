"""Whoever saves a page holds the answers and then the row beside them; everybody else waits in that order."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from portal.applications.apply.journey import journey_for
from portal.applications.apply.needs import needs_of
from portal.applications.apply.queries import vacancy_to_apply_for
from portal.applications.apply.service import begin_application
from portal.applications.candidates.leaving import delete_account, delete_draft
from portal.applications.candidates.models import ApplicationDraft, Candidate
from portal.applications.candidates.reminders import remind
from portal.applications.keeping.service import delete_due_drafts
from portal.core.access import Actor
from portal.council import load_council
from portal.journeys.models import Draft
from portal.journeys.service import Place
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application_draft
from tests.support.builders import make_vacancy

CLOSES = datetime(2026, 12, 13, 23, 59, tzinfo=UTC)
LATER = CLOSES + timedelta(days=14)
THREE = datetime(2026, 12, 10, tzinfo=UTC)
OVER = CLOSES + timedelta(days=40)
PERIODS = load_council().retention
BY = Actor.system("tests")


def begin(session, draft):
    vacancy = vacancy_to_apply_for(session, session.get_one(Vacancy, draft.vacancy_id).reference)
    place = Place(journey_for(needs_of(vacancy)), draft.holder, timedelta(days=30))
    begin_application(session, place, vacancy, draft.candidate_id, earlier=None, by=BY, at=THREE)


DEEDS = {
    "begin again": begin,
    "remind": lambda session, _draft: remind(session, THREE, PERIODS),
    "delete what was begun": lambda session, draft: delete_draft(
        session, draft.candidate_id, draft.vacancy_id, "a vacancy", by=BY, at=THREE
    ),
    "delete the account": lambda session, draft: delete_account(
        session, draft.candidate_id, how="owner", by=BY, at=THREE
    ),
    "delete by the schedule": lambda session, _draft: delete_due_drafts(session, OVER, PERIODS),
}


@pytest.fixture
def draft(db, candidate):
    """HR has extended the advert since; it has been closed for long where the deed comes late."""
    with db.transaction() as session:
        vacancy = make_vacancy(session, closes_at=CLOSES)
        return make_application_draft(session, candidate, vacancy, closes_at_told=CLOSES - timedelta(days=1))


@pytest.fixture
def meanwhile(app, db, draft):
    """Do something while another holds the answers and then changes what is beside them."""

    def do(deed, change):
        def in_its_own_transaction():
            with app.app_context(), db.transaction() as session:
                return deed(session, draft)

        with ThreadPoolExecutor(1) as pool:
            with db.transaction() as session:
                session.scalars(select(Draft.id).where(Draft.holder == draft.holder).with_for_update()).one()
                doing = pool.submit(in_its_own_transaction)
                wait([doing], timeout=0.5)
                session.execute(change)
            return doing.result(timeout=30)

    return do


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_gets_in_the_way_of_a_save(meanwhile, deed):
    meanwhile(DEEDS[deed], update(ApplicationDraft).values(saved_at=THREE))


def test_sending_and_deleting_the_account_follow_one_another(meanwhile):
    """Whoever sends refers to the account, so that it stays until then."""
    meanwhile(DEEDS["delete the account"], update(Candidate).values(warned_at=THREE))


def test_what_is_extended_at_this_moment_is_kept(meanwhile, db):
    assert meanwhile(DEEDS["delete by the schedule"], update(Vacancy).values(closes_at=OVER)) == 0
    with db.reading() as session:
        left = [session.scalar(select(func.count()).select_from(kind)) for kind in (ApplicationDraft, Draft)]
    assert left == [1, 1]
