"""Taking one’s data away, deleting a draft, deleting the account."""

import io
import json
import zipfile

import pytest
from sqlalchemy import func, select

from portal.applications.candidates.models import ApplicationDraft, Candidate, SignInLink
from portal.applications.models import Application, ApplicationHistory, ApplicationNote
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind
from portal.core.audit import AuditEvent
from portal.core.sessions import StoredSession
from portal.journeys.models import Draft
from portal.vacancies.models import Vacancy
from tests.applications.candidates.test_pages import SNAPSHOT
from tests.support.applications import make_application, make_application_draft, make_candidate
from tests.support.builders import make_vacancy


@pytest.fixture
def held(db, candidate, at):
    """One application with a note and an untold decision, and one draft."""
    with db.transaction() as session:
        application = make_application(
            session,
            candidate=candidate,
            snapshot=SNAPSHOT,
            status=Status.NOT_SHORTLISTED,
            told_status=Status.SIFTING,
            outcome_reasons=["score"],
        )
        note = ApplicationNote(
            application_id=application.id, at=at, text="Rang <b>back</b>", by_name="Sam Example"
        )
        session.add(note)
        draft = make_application_draft(session, candidate, make_vacancy(session))
        stranger = make_candidate(session)
        make_application_draft(session, stranger, make_vacancy(session))
        make_application(session, candidate=stranger)
        return application, draft


def count(db, kind):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(kind))


def test_everything_of_mine_and_nothing_else_is_in_the_archive(mine, db, held, candidate):
    answer = mine.post_form("/applications/my-data", {}, action="/applications/my-data/download")
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-applications-2026-11-23.zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    application, draft = held
    vacancy = f"draft-{vacancy_of(db, draft)}"
    assert sorted(archive.namelist()) == sorted(
        [
            *("read-me-first.html", "account.json", f"{vacancy}.json"),
            *(f"{application.reference}.json", f"{application.reference}.html"),
        ]
    )
    sent = json.loads(archive.read(f"{application.reference}.json"))
    assert "notes" not in sent
    assert sent["status"] == "Being reviewed"
    page = archive.read(f"{application.reference}.html").decode()
    assert "Because I listen first." in page
    assert "Staff may have written notes" in page
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "Rang" not in everything, "a note may say what nobody has told yet"
    assert "Not taken further" not in everything
    assert "not_shortlisted" not in everything
    assert (
        json.loads(archive.read(f"{vacancy}.json"))["answers"]["steps"]["details"]["given_names"] == "Amina"
    )
    with db.reading() as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "candidate.data_downloaded")
        ).one()
    assert (event.subject, event.facts) == (candidate.reference, {"applications": 1, "drafts": 1})


def test_what_hr_recorded_for_a_candidate_is_theirs_to_know(mine, db, candidate, at):
    with db.transaction() as session:
        withdrawn = {"status": Status.WITHDRAWN, "told_status": Status.WITHDRAWN}
        application = make_application(session, candidate=candidate, **withdrawn)
        entry = ApplicationHistory(
            application_id=application.id,
            at=at,
            kind=HistoryKind.WITHDRAWN_FOR,
            to_status=Status.WITHDRAWN,
            note="Told us by phone. Sounded tired",
            by_name="Harper Example",
        )
        session.add(entry)
    answer = mine.post_form("/applications/my-data", {}, action="/applications/my-data/download")
    kept = zipfile.ZipFile(io.BytesIO(answer.data)).read(f"{application.reference}.json").decode()
    assert json.loads(kept)["history"][-1] == {
        "at": "2026-11-23T10:00:00+00:00",
        "what": "Withdrawn, as the candidate told us",
        "status": "Withdrawn by you",
    }
    assert "tired" not in kept


def vacancy_of(db, draft):
    with db.reading() as session:
        return session.get_one(Vacancy, draft.vacancy_id).reference


def test_a_draft_is_deleted_with_its_answers(mine, db, held):
    path = f"/applications/drafts/{vacancy_of(db, held[1])}/delete"
    assert mine.get(path).status_code == 200
    assert count(db, ApplicationDraft) == 2
    assert mine.post_form(path).location == "/applications"
    assert (count(db, ApplicationDraft), count(db, Draft)) == (1, 1)
    assert mine.get(path).status_code == 404


def test_what_has_ended_is_not_said_to_go_on(mine, db, candidate, at):
    with db.transaction() as session:
        for status, withdrawn in ((Status.NOT_SHORTLISTED, None), (Status.WITHDRAWN, at)):
            make_application(
                session, candidate=candidate, status=status, told_status=status, withdrawn_at=withdrawn
            )
    said = mine.get("/applications/my-data/delete-account").page.main.text
    assert "for as long as we have to keep it: 2 applications." in said
    assert "go on with" not in said
    assert "nor undo a withdrawal, nor apply again" in said


def test_an_account_goes_at_once_and_what_was_sent_stays(mine, sign_in_candidate, db, held, mailbox):
    candidate = mine.person
    with db.transaction() as session:
        session.add(
            SignInLink(
                token_hash="x" * 64,
                email=candidate.email,
                email_key=candidate.email_key,
                created_at=candidate.signed_in_at,
                expires_at=candidate.signed_in_at.replace(hour=11),
            )
        )
    other_device = sign_in_candidate(candidate=candidate)
    page = mine.get("/applications/my-data/delete-account").page
    assert "is deleted at once: 1 application." in page.main.text
    assert "We go on with what has not ended: 1 application." in page.main.text
    assert "undo a withdrawal" not in page.main.text
    answer = mine.post_form("/applications/my-data/delete-account")
    assert mine.follow(answer).page.h1 == "Your account is deleted"
    for client in (mine, other_device):
        assert client.get("/applications").status_code == 303
    assert count(db, SignInLink) == 0
    assert count(db, Candidate) == 1
    assert (count(db, ApplicationDraft), count(db, Draft)) == (1, 1)
    with db.reading() as session:
        kept = session.get_one(Application, held[0].id)
        mine_left = session.scalar(select(func.count()).where(StoredSession.candidate_id == candidate.id))
    assert (kept.candidate_id, kept.status, mine_left) == (None, Status.NOT_SHORTLISTED, 0)
    assert [mail.purpose for mail in mailbox.to(candidate.email)] == ["candidate.account_deleted"]


def test_a_new_account_of_the_same_address_sees_nothing_of_the_old(mine, sign_in_candidate, held):
    mine.post_form("/applications/my-data/delete-account")
    again = sign_in_candidate(email=mine.person.email)
    assert again.get(f"/applications/{held[0].reference}").status_code == 404


def test_my_data_says_what_goes_when(mine):
    text = mine.get("/applications/my-data").page.main.text
    assert "We delete it on 23 November 2027" in text
    assert "12 months after the last decision" in text
