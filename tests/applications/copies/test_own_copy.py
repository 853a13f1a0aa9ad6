"""A candidate’s own copy: everything they sent, and nobody else’s."""

from __future__ import annotations

import pytest
import time_machine

from portal.applications.copies import public, typesetting
from tests.applications.copies.snapshots import SECRETS, SHOWN, make_snapshot
from tests.applications.copies.test_staff_copies import everything_in
from tests.support.applications import make_application
from tests.support.builders import AT, make_vacancy


@pytest.fixture
def candidate(sign_in_candidate):
    return sign_in_candidate()


@pytest.fixture
def application(db, candidate):
    with db.transaction() as session:
        vacancy = make_vacancy(session, title="Social worker")
        return make_application(session, vacancy, candidate=candidate.person, snapshot=make_snapshot())


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_everything_that_was_sent_is_in_it(candidate, application, ending):
    answer = candidate.get(f"/applications/{application.reference}/copy{ending}")
    text = answer.page.main.text if not ending else " ".join(everything_in(answer.data).split())
    for words in (*SECRETS.values(), *SHOWN.values(), "Social worker", application.reference):
        assert words in text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_anybody_elses_is_not_there(sign_in_candidate, application, ending):
    path = f"/applications/{application.reference}/copy{ending}"
    assert sign_in_candidate().get(path).status_code == 404


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_a_visitor_signs_in_first(client, application, ending):
    answer = client.get(f"/applications/{application.reference}/copy{ending}")
    assert answer.status_code == 303
    assert "/applications/sign-in" in answer.location


def test_hidden_words_become_no_markup(candidate, db):
    with db.transaction() as session:
        snapshot = make_snapshot(statement="<script>alert(1)</script> & <b>bold</b>\nsecond line")
        application = make_application(session, candidate=candidate.person, snapshot=snapshot)
    page = candidate.get(f"/applications/{application.reference}/copy").page
    assert "<script>alert(1)</script> & <b>bold</b>" in page.main.text
    assert page.main.first("script") is None


@pytest.fixture
def pressed(monkeypatch):
    """How often a PDF was made; none is."""
    made = []
    monkeypatch.setattr(public, "pdf_of", lambda copy: made.append(copy) or b"%PDF")
    return made


def test_one_candidate_gets_so_many_files_an_hour(sign_in_candidate, db, candidate, application, pressed):
    path = f"/applications/{application.reference}/copy.pdf"
    with time_machine.travel(AT, tick=False) as now:
        for _ in range(public.FILES_AN_HOUR):
            assert candidate.get(path).status_code == 200
        answer = candidate.get(path)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "3600"
        assert len(pressed) == public.FILES_AN_HOUR
        assert candidate.get(path.removesuffix(".pdf")).status_code == 200
        other = sign_in_candidate()
        with db.transaction() as session:
            theirs = make_application(session, candidate=other.person)
        assert other.get(f"/applications/{theirs.reference}/copy.pdf").status_code == 200
        now.shift(3600)
        assert candidate.get(path).status_code == 200


def test_all_candidates_get_so_many_files_a_minute(candidate, application, pressed, monkeypatch):
    path = f"/applications/{application.reference}/copy.pdf"
    monkeypatch.setattr(public, "FILES_A_MINUTE", 2)
    with time_machine.travel(AT, tick=False) as now:
        assert [candidate.get(path).status_code for _ in range(3)] == [200, 200, 429]
        assert len(pressed) == 2
        now.shift(60)
        assert candidate.get(path).status_code == 200


def test_a_file_that_cannot_be_made_leads_to_the_page(candidate, application, monkeypatch):
    monkeypatch.setattr(typesetting, "PATIENCE", 0.0)
    answer = candidate.get(f"/applications/{application.reference}/copy.pdf")
    assert answer.status_code == 200
    text = answer.page.main.text
    for words in ("could not be made as a PDF", *SECRETS.values(), *SHOWN.values()):
        assert words in text
    assert not [link for link in answer.page.links() if link.endswith(".pdf")]
