"""Whoever saves a page holds the answers and then the row beside them; everybody else waits in that order."""

import secrets
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from portal.applications.apply.journey import journey_for
from portal.applications.apply.needs import needs_of
from portal.applications.apply.queries import vacancy_to_apply_for
from portal.applications.apply.service import begin_application
from portal.applications.candidates.leaving import delete_account, delete_draft
from portal.applications.candidates.links import use_link
from portal.applications.candidates.models import ApplicationDraft, Candidate, SignInLink
from portal.applications.candidates.queries import SignInLinkExpired
from portal.applications.candidates.reminders import remind
from portal.applications.keeping.service import delete_due_drafts
from portal.core.access import Actor
from portal.core.tokens import hash_of
from portal.council import load_council
from portal.journeys.models import Draft
from portal.journeys.service import Place
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application_draft, make_candidate
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


def make_link(session, person):
    """A link that works, as it was mailed."""
    token = secrets.token_urlsafe(32)
    times = {"created_at": THREE, "expires_at": THREE + timedelta(minutes=10)}
    link = {"token_hash": hash_of(token), "email": person.email, "email_key": person.email_key}
    session.add(SignInLink(**link, **times))
    return token


def test_signing_in_while_the_account_is_being_deleted_waits_and_finds_no_link(app, db):
    """The account is locked before its links, by both; else each would wait for the other."""
    with db.transaction() as session:
        person = make_candidate(session)
        token = make_link(session, person)

    def sign_in():
        with app.app_context(), db.transaction() as session:
            use_link(session, token, by=BY, at=THREE)

    with ThreadPoolExecutor(1) as pool, app.app_context():
        with db.transaction() as session:
            session.get(Candidate, person.id, with_for_update=True)
            doing = pool.submit(sign_in)
            wait([doing], timeout=0.5)
            delete_account(session, person.id, how="owner", by=BY, at=THREE)
        with pytest.raises(SignInLinkExpired):
            doing.result(timeout=30)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Candidate)) == 0


def test_signing_in_and_deleting_the_account_at_once_ever_end(app, db):
    def together():
        with db.transaction() as session:
            person = make_candidate(session)
            token = make_link(session, person)
        start = Barrier(2)

        def sign_in():
            start.wait()
            with app.app_context(), suppress(SignInLinkExpired), db.transaction() as session:
                use_link(session, token, by=BY, at=THREE)

        def leave():
            start.wait()
            with app.app_context(), db.transaction() as session:
                delete_account(session, person.id, how="owner", by=BY, at=THREE)

        with ThreadPoolExecutor(2) as pool:
            for doing in [pool.submit(sign_in), pool.submit(leave)]:
                doing.result(timeout=30)

    for _ in range(10):
        together()
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Candidate)) == 0
