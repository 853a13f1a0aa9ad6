"""The export of adverts: columns, guard, filters, purpose first; on the pages and on the command line."""

from __future__ import annotations

import csv
import io
import stat

import openpyxl
import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.vacancies.life.lists import commands, exporting, exports
from portal.vacancies.options import Status
from tests.support.builders import AT
from tests.support.spreadsheets import STARTS, read_csv, read_workbook
from tests.vacancies.life.adverts import STATES, make_in_state

EXPORT = "/staff/vacancies/export"
HEADERS = (
    "ref,title,family,team,grade,posts,FTE,contract,published,closed,applications,shortlisted,interviewed,"
    "offers,hires,time_to_fill,re-advertised,status"
)
CHOICE = {"file_format": "csv", "purpose": "PERFORMANCE"}


@pytest.fixture
def adverts(db):
    """One in each state."""
    with db.transaction() as session:
        return {status: make_in_state(session, status).reference for status in STATES}


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def events(db):
    with db.reading() as session:
        wanted = select(AuditEvent).where(AuditEvent.event == "vacancies.exported")
        return session.scalars(wanted.order_by(AuditEvent.id)).all()


def test_what_was_cancelled_before_its_day_was_never_published(officer, db):
    with db.transaction() as session:
        make_in_state(session, Status.SCHEDULED, cancelled_at=AT)
    (row,) = rows_of(officer.post_form(EXPORT, CHOICE))
    assert (row["status"], row["published"], row["closed"]) == ("cancelled", "", "")


def test_the_columns_are_the_agreed_ones(officer, adverts):
    answer = officer.post_form(EXPORT, CHOICE)
    assert answer.data.decode("utf-8-sig").splitlines()[0] == HEADERS
    rows = {row["ref"]: row for row in rows_of(answer)}
    assert set(rows) == set(adverts.values())
    assert {row["status"] for row in rows.values()} == {status.value for status in Status}
    filled = rows[adverts[Status.FILLED]]
    assert (filled["hires"], filled["FTE"], filled["posts"]) == ("2", "2.00", "2")
    assert filled["published"] == "2026-10-24T10:00:00Z"
    for name in ("applications", "shortlisted", "interviewed", "offers", "time_to_fill"):
        assert filled[name] == ""
    assert rows[adverts[Status.PENDING_APPROVAL]]["published"] == ""
    assert answer.headers["Content-Disposition"] == 'attachment; filename="vacancies-2026-11-23.csv"'


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=open", {Status.OPEN}),
        ("state=ended", {Status.FILLED, Status.PART_FILLED, Status.NOT_FILLED, Status.CANCELLED}),
        ("state=open&family=psychology", set()),
        ("q=social", set(Status)),
        ("only=soon", set()),
    ],
)
def test_the_filters_of_the_list_are_those_of_the_file(officer, db, adverts, query, expected):
    answer = officer.post_form(f"{EXPORT}?{query}", CHOICE)
    assert {row["status"] for row in rows_of(answer)} == {status.value for status in expected}
    (event,) = events(db)
    assert event.facts["rows"] == len(rows_of(answer))


def test_the_purpose_is_in_the_audit_before_the_first_byte(officer, db, adverts, monkeypatch):
    seen = []

    def watched(wanted):
        def rows(session):
            seen.append(len(events(db)))
            return exports_rows(wanted)(session)

        return rows

    exports_rows = exports.rows_for
    monkeypatch.setattr(exports, "rows_for", watched)
    officer.post_form(f"{EXPORT}?state=open", CHOICE)
    assert seen == [1]
    (event,) = events(db)
    assert event.facts["purpose"] == "PERFORMANCE"
    assert event.facts["filters"]["list"] == "open"


def test_no_formula_leaves_the_house(officer, db):
    with db.transaction() as session:
        for start in STARTS:
            make_in_state(session, Status.OPEN, title=start, grade=start)
    officer.any_quotes = True
    rows = read_csv(officer.post_form(EXPORT, CHOICE).data)
    for name in ("title", "grade"):
        assert sorted(row[name] for row in rows) == sorted(f"'{start}" for start in STARTS)
    workbook = officer.post_form(EXPORT, {**CHOICE, "file_format": "xlsx"}).data
    assert len(read_workbook(workbook)) == len(STARTS)


def test_a_workbook_is_in_words(officer, adverts):
    answer = officer.post_form(f"{EXPORT}?state=open", {**CHOICE, "file_format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    headings = [cell.value for cell in sheet[1]]
    row = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))
    assert sheet.max_row == 2
    assert (row["Status"], row["Job family"], row["Advertised again"]) == ("Open", "Social work", "No")


@pytest.mark.parametrize("missing", CHOICE)
def test_without_a_format_or_a_purpose_there_is_none(officer, db, missing):
    answer = officer.post_form(EXPORT, {**CHOICE, missing: None})
    assert answer.status_code == 422
    assert answer.page.errors
    assert events(db) == []


def test_too_large_a_workbook_is_refused(officer, db, adverts, monkeypatch):
    monkeypatch.setitem(exporting.note_export.__kwdefaults__, "most", 1)
    answer = officer.post_form(EXPORT, {**CHOICE, "file_format": "xlsx"})
    assert answer.status_code == 422
    assert events(db) == []


def test_a_hiring_manager_exports_nothing(sign_in):
    assert sign_in("hiring_manager").get(EXPORT).status_code == 403


COMMAND = ["export", "vacancies", "--purpose", "INSPECTION"]


def test_the_command_gives_the_same_file_with_its_audit(runner, db, adverts, tmp_path):
    file = tmp_path / "vacancies.csv"
    done = runner.invoke(args=[*COMMAND, "--format", "csv", "--output", str(file)])
    assert (done.exit_code, done.output) == (0, f"{len(adverts)} adverts written to {file}.\n")
    assert file.read_text(encoding="utf-8-sig").splitlines()[0] == HEADERS
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (event,) = events(db)
    assert event.actor.startswith("command line: ")
    assert (event.facts["rows"], event.facts["filters"]) == (len(adverts), {"list": "everything"})


def test_the_command_takes_a_list_and_a_family(runner, db, adverts, tmp_path):
    for number, options in enumerate(
        (["--state", "archived"], ["--state", "open", "--family", "management"])
    ):
        file = tmp_path / f"{number}.xlsx"
        done = runner.invoke(args=[*COMMAND, *options, "--format", "xlsx", "--output", str(file)])
        assert done.exit_code == 0
        assert openpyxl.load_workbook(file).active.max_row == 2 - number
    assert [event.facts["rows"] for event in events(db)] == [1, 0]


def test_the_command_refuses_more_than_a_sheet_holds(runner, db, adverts, tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "MOST_ROWS", 1)
    done = runner.invoke(args=[*COMMAND, "--format", "xlsx", "--output", str(tmp_path / "x.xlsx")])
    assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == []
    assert events(db) == []
