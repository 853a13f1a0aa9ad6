"""Free text leaves the portal only by its own permission, with a reason that the audit keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.accounts.models import StaffGrant
from portal.core.access import ROLE_PERMISSIONS
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.council import load_council
from portal.fostering.follow_up.exports import columns_for
from portal.fostering.follow_up.words import exports
from portal.fostering.guarded import Reader
from portal.fostering.models import Activity, HistoryEntry
from portal.fostering.options import ActivityKind, HistoryKind
from tests.support.builders import AT, make_enquiry, make_staff
from tests.support.client import JudgingClient
from tests.support.people import SignIn
from tests.support.spreadsheets import read_csv, read_workbook

EXPORT = "/staff/fostering/export"
PERMISSION = "fostering.export_words"
WHY = "Because of my own childhood"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def trusted(db: Database, sign_in: SignIn) -> JudgingClient:
    """An officer to whom the permission was given."""
    with db.transaction() as session:
        person = make_staff(session, role="fostering")
        grant = {"permission": PERMISSION, "reason": "Complaints", "granted_by": "Ada", "granted_at": AT}
        session.add(StaffGrant(person_id=person.id, **grant))
    return sign_in(person=person)


def choose(client: JudgingClient, **changes: Any) -> Any:
    typed = {"statuses": ["OPEN"], "file_format": "csv", "purpose": "TEAM_REVIEW", **changes}
    return client.post_form(EXPORT, typed)


def told(db: Database, **changes: Any) -> str:
    """A household that wrote why, with two notes."""
    with db.transaction() as session:
        enquiry = make_enquiry(session, motivation=WHY, **changes)
        noted = {"enquiry_id": enquiry.id, "by_name": "Kit Example"}
        late, early = AT, datetime(2026, 11, 20, 9, tzinfo=AT.tzinfo)
        session.add(Activity(**noted, at=late, kind=ActivityKind.NOTE, note="=Rings after six"))
        session.add(HistoryEntry(**noted, at=early, kind=HistoryKind.OWNER, facts={}, note="Knows them"))
        return enquiry.public_ref


def test_no_role_has_the_permission() -> None:
    assert not [role for role, allowed in ROLE_PERMISSIONS.items() if PERMISSION in allowed]


def test_the_words_come_behind_the_agreed_columns_once_a_reason_is_given(
    db: Database, trusted: JudgingClient
) -> None:
    told(db)
    trusted.any_quotes = True
    asked = choose(trusted)
    assert asked.page.errors == ["Select whether to include why people are asking, and notes"]
    (row,) = read_csv(choose(trusted, words="COMPLAINT").data)
    assert list(row) == [
        *(column.header for column in columns_for(load_council().retention)),
        "motivation",
        "notes",
    ]
    assert row["motivation"] == WHY
    assert row["notes"] == "2026-11-20 Kit Example: Knows them\n2026-11-23 Kit Example: =Rings after six"
    (line,) = read_workbook(choose(trusted, words="COMPLAINT", file_format="xlsx").data)
    assert WHY in line.values()
    with db.reading() as session:
        event = AuditEvent.event == "fostering.words_exported"
        facts = session.scalars(select(AuditEvent.facts).where(event)).all()
    assert facts == [{"reason": "COMPLAINT", "rows": 1}] * 2
    assert "childhood" not in str(facts)


def test_left_out_it_is_the_file_that_everybody_gets(db: Database, trusted: JudgingClient) -> None:
    told(db)
    (row,) = read_csv(choose(trusted, words="NONE").data)
    assert list(row) == [column.header for column in columns_for(load_council().retention)]
    with db.reading() as session:
        events = session.scalars(select(AuditEvent.event)).all()
    assert "fostering.enquiries_exported" in events
    assert "fostering.words_exported" not in events


@pytest.mark.parametrize("role", ["fostering", "fostering_manager"])
def test_without_the_permission_it_is_neither_offered_nor_given(
    db: Database, sign_in: SignIn, role: str
) -> None:
    told(db)
    client = sign_in(role)
    assert not client.get(EXPORT).page.all("input", name="words")
    page = client.get(EXPORT).page
    own = page.main.all("input", type="hidden")
    typed = {"statuses": "OPEN", "file_format": "csv", "purpose": "TEAM_REVIEW", "words": "COMPLAINT"}
    forged = {**{field["name"]: field["value"] for field in own}, **typed}
    answer = client.post(EXPORT, data=forged, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    assert "childhood" not in answer.text
    assert "motivation" not in answer.text


def test_restricted_records_stay_out_and_batches_keep_their_own_notes(
    db: Database, trusted: JudgingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "A_BATCH", 2)
    references = [told(db) for _ in range(3)]
    with db.transaction() as session:
        silent = make_enquiry(session).public_ref
        owner = make_staff(session, email="named@example.com")
        secret = make_enquiry(session, restricted_at=AT)
        session.add(Reader(enquiry_id=secret.id, person_id=owner.id, named_at=AT))
    trusted.any_quotes = True
    rows = {row["public_ref"]: row for row in read_csv(choose(trusted, words="QUALITY").data)}
    assert set(rows) == {*references, silent}
    assert [rows[reference]["notes"].count("Knows them") for reference in references] == [1, 1, 1]
    assert rows[silent]["notes"] == ""
