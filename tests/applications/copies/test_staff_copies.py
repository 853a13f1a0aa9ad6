"""Copies for staff: behind the veil, in the audit, of their own vacancies only, and many in an archive."""

from __future__ import annotations

import io
import zipfile

import pypdf
import pytest
import time_machine
from sqlalchemy import select

from portal.applications.copies import backoffice, typesetting
from portal.applications.copies.content import VEILED
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus
from portal.core.audit import AuditEvent
from tests.applications.copies.snapshots import SECRETS, SHOWN, make_snapshot
from tests.support.applications import make_application
from tests.support.builders import AT, make_staff, make_vacancy


@pytest.fixture
def hr(sign_in):
    with time_machine.travel(AT, tick=False):
        yield sign_in("hr")


@pytest.fixture
def vacancy(db):
    with db.transaction() as session:
        return make_vacancy(session, title="Social worker, =1+1")


def apply(db, vacancy, **changes):
    with db.transaction() as session:
        values = {"snapshot": make_snapshot(), "given_names": "Zoë", "family_name": "Hiddenname"}
        return make_application(session, session.merge(vacancy), **{**values, **changes})


def shortlisted(db, vacancy, **changes):
    return apply(db, vacancy, status=ApplicationStatus.SHORTLISTED, shortlisted_at=AT, **changes)


def address(vacancy, application, ending=""):
    return f"/staff/applications/{vacancy.reference}/{application.reference}/copy{ending}"


def events(db, name):
    with db.reading() as session:
        wanted = select(AuditEvent).where(AuditEvent.event == name)
        return session.scalars(wanted.order_by(AuditEvent.id)).all()


def everything_in(data):
    """Text, metadata and outline of the real file."""
    file = pypdf.PdfReader(io.BytesIO(data))
    parts = [page.extract_text() for page in file.pages]
    parts += [str(file.metadata), file.trailer["/Root"]["/Metadata"].get_data().decode(), str(file.outline)]
    return " ".join(parts)


def test_the_page_and_the_file_hide_the_same(hr, db, vacancy):
    application = apply(db, vacancy)
    page, file = (hr.get(address(vacancy, application, ending)) for ending in ("", ".pdf"))
    text = everything_in(file.data)
    for secret in SECRETS.values():
        assert secret not in page.text
        assert secret not in text
        assert secret.encode() not in file.data
    for words in (*SHOWN.values(), VEILED, application.reference, "Provided", "References 1"):
        assert words in page.page.main.text
        assert words in " ".join(text.split())


def test_a_shortlisted_application_shows_who_it_is(hr, db, vacancy):
    application = shortlisted(db, vacancy)
    page, file = (hr.get(address(vacancy, application, ending)) for ending in ("", ".pdf"))
    for secret in SECRETS.values():
        assert secret in page.page.main.text
        assert secret in everything_in(file.data)
    assert VEILED not in page.text


def test_the_file_is_named_by_the_reference(hr, db, vacancy):
    application = shortlisted(db, vacancy)
    answer = hr.get(address(vacancy, application, ".pdf"))
    assert answer.mimetype == "application/pdf"
    assert (
        answer.headers["Content-Disposition"]
        == f'attachment; filename="application-{application.reference}.pdf"'
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_leads_nowhere_on_paper(hr, db, vacancy):
    page = hr.get(address(vacancy, apply(db, vacancy))).page
    assert page.first("nav", class_="site-nav") is None
    assert page.first("form") is None
    inside = [link["href"] for link in page.main.all("a")]
    assert inside == [address(vacancy, first_application(db), ".pdf")]


def first_application(db):
    with db.reading() as session:
        return session.scalars(select(Application)).first()


def test_each_look_is_in_the_audit_and_says_no_name(hr, db, vacancy):
    application = apply(db, vacancy)
    for ending in ("", ".pdf"):
        hr.get(address(vacancy, application, ending))
    found = events(db, "application.copy_read")
    assert [event.facts for event in found] == [{"form": "page"}, {"form": "pdf"}]
    assert {event.subject for event in found} == {application.reference}


def test_a_hiring_manager_sees_their_own_vacancies_only(sign_in, db, vacancy):
    with db.transaction() as session:
        person = make_staff(session, role="hiring_manager")
        own = make_vacancy(session, hiring_manager_id=person.id)
    manager = sign_in(person=person)
    for ending in ("", ".pdf"):
        other = apply(db, vacancy)
        mine = shortlisted(db, own)
        assert manager.get(address(vacancy, other, ending)).status_code == 404
        assert manager.get(address(own, other, ending)).status_code == 404
        assert manager.get(address(own, mine, ending)).status_code == 200
    assert "Hiddenrelative" not in manager.get(address(own, mine)).text


def test_a_member_of_staff_gets_so_many_files_an_hour(hr, sign_in, db, vacancy, monkeypatch):
    application = apply(db, vacancy)
    monkeypatch.setattr(backoffice, "FILES_AN_HOUR", 2)
    path = address(vacancy, application, ".pdf")
    assert [hr.get(path).status_code for _ in range(3)] == [200, 200, 429]
    assert len(events(db, "application.copy_read")) == 2
    assert hr.get(path.removesuffix(".pdf")).status_code == 200
    assert sign_in("hr").get(path).status_code == 200


def test_a_file_that_cannot_be_made_leads_to_the_page_behind_the_veil(hr, db, vacancy, monkeypatch):
    monkeypatch.setattr(typesetting, "PATIENCE", 0.0)
    text = hr.get(address(vacancy, apply(db, vacancy), ".pdf")).page.main.text
    for words in ("could not be made as a PDF", VEILED, *SHOWN.values()):
        assert words in text
    assert not any(secret in text for secret in SECRETS.values())


def test_an_archive_of_copies_that_cannot_be_made_is_whole_and_veiled(hr, db, vacancy, monkeypatch):
    monkeypatch.setattr(typesetting, "PATIENCE", 0.0)
    found = [apply(db, vacancy) for _ in range(2)]
    archive = archive_of(
        hr.post_form(ARCHIVE.format(vacancy.reference), {"which": "all", "purpose": "AUDIT"})
    )
    assert set(archive.namelist()) == {f"application-{one.reference}.txt" for one in found}
    for name in archive.namelist():
        text = archive.read(name).decode("utf-8-sig")
        assert VEILED in text
        assert all(words in text for words in SHOWN.values())
        assert not any(secret in text for secret in SECRETS.values())


ARCHIVE = "/staff/applications/{}/copies"


def archive_of(answer):
    assert answer.status_code == 200, answer.page.errors
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_an_archive_has_every_copy_behind_its_own_veil(hr, db, vacancy):
    veiled, open_ = apply(db, vacancy), shortlisted(db, vacancy)
    answer = hr.post_form(ARCHIVE.format(vacancy.reference), {"which": "all", "purpose": "SHORTLISTING"})
    assert answer.mimetype == "application/zip"
    assert vacancy.reference in answer.headers["Content-Disposition"]
    archive = archive_of(answer)
    assert archive.testzip() is None
    assert set(archive.namelist()) == {
        f"application-{veiled.reference}.pdf",
        f"application-{open_.reference}.pdf",
    }
    assert "Hiddenname" not in everything_in(archive.read(f"application-{veiled.reference}.pdf"))
    assert "Hiddenname" in everything_in(archive.read(f"application-{open_.reference}.pdf"))
    (event,) = events(db, "applications.copies_exported")
    assert event.facts == {"chosen": "all", "purpose": "SHORTLISTING", "rows": 2}
    assert event.subject == vacancy.reference


def test_a_list_or_some_chosen_ones(hr, db, vacancy):
    new, other = apply(db, vacancy), shortlisted(db, vacancy)
    path = ARCHIVE.format(vacancy.reference)
    answer = hr.post_form(path, {"which": "shortlisted", "purpose": "INTERVIEWS"})
    assert archive_of(answer).namelist() == [f"application-{other.reference}.pdf"]
    answer = hr.post_form(f"{path}?ref={new.reference}&ref=APP-NOTHERE2", {"purpose": "INTERVIEWS"})
    assert archive_of(answer).namelist() == [f"application-{new.reference}.pdf"]
    assert [event.facts["chosen"] for event in events(db, "applications.copies_exported")] == [
        "shortlisted",
        [new.reference, "APP-NOTHERE2"],
    ]


def test_another_vacancys_application_is_in_no_archive(hr, db, vacancy):
    with db.transaction() as session:
        other = make_application(session)
    apply(db, vacancy)
    answer = hr.post_form(
        f"{ARCHIVE.format(vacancy.reference)}?ref={other.reference}", {"purpose": "INTERVIEWS"}
    )
    assert answer.status_code == 422
    assert events(db, "applications.copies_exported") == []


@pytest.mark.parametrize("missing", ["which", "purpose"])
def test_without_a_choice_or_a_purpose_there_is_none(hr, db, vacancy, missing):
    apply(db, vacancy)
    choice = {"which": "all", "purpose": "AUDIT", missing: None}
    answer = hr.post_form(ARCHIVE.format(vacancy.reference), choice)
    assert answer.status_code == 422
    assert answer.page.errors
    assert events(db, "applications.copies_exported") == []


def test_a_vacancy_without_applications_says_so(hr, vacancy):
    page = hr.get(ARCHIVE.format(vacancy.reference)).page
    assert "Nobody has applied for this vacancy yet." in page.main.text
    assert page.main.first("form") is None


def test_a_hiring_manager_takes_no_archive(sign_in, db, vacancy):
    apply(db, vacancy)
    assert sign_in("hiring_manager").get(ARCHIVE.format(vacancy.reference)).status_code == 403
