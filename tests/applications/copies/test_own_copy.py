"""A candidate’s own copy: everything they sent, and nobody else’s."""

from __future__ import annotations

import pytest

from tests.applications.copies.snapshots import SECRETS, SHOWN, make_snapshot
from tests.applications.copies.test_staff_copies import everything_in
from tests.support.applications import make_application
from tests.support.builders import make_vacancy


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
