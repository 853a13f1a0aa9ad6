"""Exports of applications: the agreed columns, the veil, nothing live, the purpose first, the command."""

from __future__ import annotations

import io
import stat
from datetime import date

import openpyxl
import pytest
import time_machine
from sqlalchemy import String, select

from portal.applications.export import commands, exporting, exports
from portal.applications.export.content import Content, Wanted
from portal.applications.export.exports import COLUMNS, STORED
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import InterviewMode
from portal.applications.veil import HIDDEN, SHOWABLE_COLUMNS, is_veiled, shown_column
from portal.core.audit import AuditEvent
from portal.vacancies.models import PanelMember, ServiceTeam
from tests.applications.copies.snapshots import SECRETS, group, make_snapshot, row, section
from tests.support.applications import make_application
from tests.support.builders import AT, make_criterion, make_vacancy
from tests.support.spreadsheets import STARTS, read_csv, read_workbook

HEADERS = (
    "application_ref,vacancy_ref,job_title,team,status,submitted_at,given_names,family_name,preferred_name,"
    "email,phone,town,postcode,internal,right_to_work,registration_body,registration_number,"
    "registration_status,asye_status,highest_qualification,current_employer,current_job_title,"
    "unexplained_gap_count,explained_gap_count,dc_scheme,adjustments_needed,source,score_total,"
    "shortlist_outcome,interview_at,interview_outcome,offer_at,accepted_at,start_date,outcome_reason"
)
PERSONAL = (
    *("given_names", "family_name", "preferred_name", "email", "phone", "town", "postcode"),
    *("registration_number", "adjustments_needed"),
)
CHOICE = {"content": "applications", "which": "all", "file_format": "csv", "purpose": "AUDIT"}
SHORTLISTED = {"status": Status.SHORTLISTED, "shortlisted_at": AT}


@pytest.fixture
def hr(sign_in):
    with time_machine.travel(AT, tick=False):
        yield sign_in("hr")


@pytest.fixture
def vacancy(db):
    with db.transaction() as session:
        panel = [PanelMember(position=1, name="Sam Example", email="sam.example@example.org")]
        return make_vacancy(session, title="Social worker", panel=panel)


def apply(db, vacancy, **changes):
    with db.transaction() as session:
        values = {"snapshot": make_snapshot(), "given_names": "Zoë", "family_name": "Hiddenname"}
        return make_application(session, session.merge(vacancy), **{**values, **changes})


def address(vacancy):
    return f"/staff/applications/{vacancy.reference}/export"


def rows_of(answer):
    assert answer.status_code == 200, answer.page.errors
    return read_csv(answer.data)


def sheet_of(answer):
    assert answer.status_code == 200, answer.page.errors
    return openpyxl.load_workbook(io.BytesIO(answer.data)).active


def events(db, name="applications.exported"):
    with db.reading() as session:
        return session.scalars(select(AuditEvent).where(AuditEvent.event == name)).all()


def test_the_columns_are_the_agreed_ones(hr, db, vacancy):
    application = apply(db, vacancy, **SHORTLISTED, starts_on=date(2027, 1, 4), outcome_reasons=["pay"])
    answer = hr.post_form(address(vacancy), CHOICE)
    assert answer.data.decode("utf-8-sig").splitlines()[0] == HEADERS
    (found,) = rows_of(answer)
    assert found["application_ref"] == application.reference
    assert (found["given_names"], found["family_name"]) == ("Zoë", "Hiddenname")
    assert found["phone"] == "'+441632960001"
    assert found["submitted_at"] == "2026-11-22T10:00:00Z"
    assert (found["start_date"], found["shortlist_outcome"]) == ("2027-01-04", "shortlisted")
    assert (found["unexplained_gap_count"], found["score_total"]) == ("0", "")
    name = f"applications-{vacancy.reference}-2026-11-23.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_page_and_its_export_hide_the_same(hr, db, vacancy):
    veiled = apply(db, vacancy, registration_number="SW98765", town="Hiddentown", adjustments_needed=True)
    page = hr.get(f"/staff/applications/{vacancy.reference}/{veiled.reference}").text
    answer = hr.post_form(address(vacancy), CHOICE)
    (found,) = rows_of(answer)
    assert found["registration_number"] == "Provided"
    for name in set(PERSONAL) - {"registration_number"}:
        assert found[name] == ""
    assert found["current_employer"] == (veiled.current_employer or "")
    for secret in ("Zoë", "Hiddenname", "SW98765", "Hiddentown", veiled.email, "SO14 7LY"):
        assert secret not in page
        assert secret.encode() not in answer.data


def test_every_column_obeys_the_one_veil():
    for name in STORED:
        assert (name in PERSONAL) == (name not in SHOWABLE_COLUMNS), name
    assert shown_column("email", "x", veiled=False, hr=True) == "x"


def test_every_column_can_be_written_by_the_database():
    """One that cannot would make the whole file slow, and nobody would notice."""
    assert [column.header for column in COLUMNS if column.expression is None] == []


def test_the_database_draws_the_veil_as_everybody_else_does(db, vacancy):
    with db.transaction() as session:
        adverts = [session.merge(vacancy), make_vacancy(session, anonymise_shortlisting=False)]
        for advert in adverts:
            for number in (None, "", "SW98765"):
                for shortlisted_at in (None, AT):
                    values = {"registration_number": number, "adjustments_needed": number == ""}
                    make_application(session, advert, shortlisted_at=shortlisted_at, **values)
    with db.reading() as session:
        rows = list(exports.rows_for(Wanted(Content.APPLICATIONS))(session))
        for row in rows:
            held = session.scalars(select(Application).where(Application.reference == row.reference)).one()
            for name in STORED:
                value = getattr(held, name)
                seen = (
                    shown_column(name, value, veiled=True, hr=True)
                    if is_veiled(row, row.anonymised)
                    else value
                )
                found = getattr(row, name)
                assert (list(found) if isinstance(found, tuple) else found) == seen, name
    assert len(rows) == 12


def test_an_interview_of_somebody_behind_the_veil_has_no_name_and_no_needs(hr, db, vacancy):
    apply(db, vacancy, status=Status.INTERVIEW_INVITED, interview_at=AT)
    answer = hr.post_form(address(vacancy), {**CHOICE, "content": "interviews"})
    (found,) = rows_of(answer)
    assert (found["name"], found["adjustments"]) == ("", HIDDEN)


def test_an_open_advert_shows_everybody(hr, db):
    with db.transaction() as session:
        vacancy = make_vacancy(session, anonymise_shortlisting=False)
    apply(db, vacancy)
    (found,) = rows_of(hr.post_form(address(vacancy), CHOICE))
    assert found["family_name"] == "Hiddenname"


TEXTS = {name for name in STORED if type(Application.__table__.c[name].type) is String}
WRITTEN = TEXTS - {"reference"}
"""Columns that hold words of people."""


def apply_with(db, vacancy, start):
    """An application in which every text begins like a formula, the criteria’s answers too."""
    answers = [row(f"criterion_{one.id}", "Steady", start) for one in vacancy.criteria]
    statement = group("statement", *answers, row("statement", "Yours", start))
    support = group("support", row("adjustments", "Any", start))
    parts = make_snapshot()
    parts["sections"] = [
        *(part for part in parts["sections"] if part["slug"] not in ("statement", "support")),
        section("statement", "Statement", statement),
        section("support", "Support", support),
    ]
    to_interview = {"status": Status.INTERVIEW_INVITED, "shortlisted_at": AT, "interview_at": AT}
    words = {**dict.fromkeys(WRITTEN, start), "outcome_reasons": [start], "snapshot": parts}
    return apply(db, vacancy, **words, **to_interview).reference


@pytest.mark.parametrize("content", list(Content))
def test_nothing_in_a_file_is_live_whatever_people_wrote(hr, db, content):
    """Every text column of every content in both formats, read back as a spreadsheet reads it."""
    with db.transaction() as session:
        vacancy = make_vacancy(
            session,
            title="=1+1",
            panel=[PanelMember(position=1, name="@SUM(A1)", email="sam.example@example.org")],
            criteria=[make_criterion(0, wording="=Steady"), make_criterion(1, wording="\tDrives")],
        )
        session.get_one(ServiceTeam, vacancy.team_id).name = "-team"
    made = {apply_with(db, vacancy, start): start for start in STARTS}
    hr.any_quotes = True
    choice = {**CHOICE, "content": content.value}
    found = read_csv(hr.post_form(address(vacancy), choice).data)
    columns = set(found[0]) - NEVER_TEXT
    for one in found:
        start = made[one["application_ref"]]
        for name in columns:
            assert one[name] == f"'{FIXED.get(name, start)}", (name, one[name])
    workbook = read_workbook(hr.post_form(address(vacancy), {**choice, "file_format": "xlsx"}).data)
    assert {one["Application"] for one in workbook} == set(made)


FIXED = {"job_title": "=1+1", "team": "-team", "panel": "@SUM(A1)"}
"""What is the vacancy’s."""

NEVER_TEXT = {
    *("application_ref", "vacancy_ref", "status", "submitted_at", "internal", "right_to_work"),
    *("unexplained_gap_count", "explained_gap_count", "dc_scheme", "adjustments_needed", "score_total"),
    *("shortlist_outcome", "interview_at", "interview_outcome", "offer_at", "accepted_at", "start_date"),
    *("criterion_1_score_1", "criterion_1_score_2", "criterion_2_score_1", "criterion_2_score_2"),
    *("source", "total", "gaps_noted", "recommendation", "time", "name"),
}
"""Columns that hold no words of people; the name of the schedule is put together from two of them."""


NAMES = [
    "Nguyễn Thị Hương",
    "آمنة محمد",
    "王小明",
    "Siân Llŷr",
    "e\u0301\u0323",
    "👩‍👩‍👧",
    'O’Brien-“Q”, "x"; y\nz',
]


def test_names_in_any_script_come_back_as_they_are(hr, db, vacancy):
    for name in NAMES:
        apply(db, vacancy, **SHORTLISTED, family_name=name)
    hr.any_quotes = True
    found = [one["family_name"] for one in rows_of(hr.post_form(address(vacancy), CHOICE))]
    assert found == NAMES
    sheet = sheet_of(hr.post_form(address(vacancy), {**CHOICE, "file_format": "xlsx"}))
    column = [cell.value for cell in sheet[1]].index("Family name")
    assert [cells[column].value for cells in sheet.iter_rows(min_row=2)] == NAMES


@pytest.mark.parametrize("odd", ["\x0b", "\x1f", "\x7f", "\ufffe", "x" * 150])
def test_characters_that_no_sheet_holds_break_nothing(hr, db, vacancy, odd):
    apply(db, vacancy, **SHORTLISTED, current_employer=f"a{odd}b")
    apply(db, vacancy, **SHORTLISTED, current_employer="after")
    kept = f"a{odd}b" if odd.isprintable() else "ab"
    for file_format in ("csv", "xlsx"):
        answer = hr.post_form(address(vacancy), {**CHOICE, "file_format": file_format})
        if file_format == "csv":
            assert [one["current_employer"] for one in rows_of(answer)] == [kept, "after"]
        else:
            values = {cell.value for cells in sheet_of(answer) for cell in cells}
            assert {kept, "after"} <= values


def test_a_workbook_is_in_words(hr, db, vacancy):
    register = {"registration_body": "swe", "registration_status": "applied", "asye_status": "in_progress"}
    reasons = ["essential:12", "lower_score"]
    apply(db, vacancy, **SHORTLISTED, **register, internal=True, outcome_reasons=reasons)
    sheet = sheet_of(hr.post_form(address(vacancy), {**CHOICE, "file_format": "xlsx"}))
    found = dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]], strict=True))
    assert (found["Status"], found["Works for the council"]) == ("Shortlisted", "Yes")
    assert found["Right to work"] == "Yes, without a time limit"
    assert found["Registration body"] == "Social Work England"
    assert found["Registration status"] == "I have applied and am waiting"
    assert found["ASYE status"] == "I am doing it now"
    said = "Does not meet essential criteria: number 12; Lower score than others"
    assert found["Outcome reason"] == said


def test_the_purpose_is_in_the_audit_before_the_first_byte(hr, db, vacancy, monkeypatch):
    apply(db, vacancy)
    seen, real = [], exports.rows_for

    def watched(wanted):
        def rows(session):
            seen.append(len(events(db)))
            return real(wanted)(session)

        return rows

    monkeypatch.setattr(exports, "rows_for", watched)
    hr.post_form(address(vacancy), CHOICE)
    assert seen == [1]
    (event,) = events(db)
    expected = {"content": "applications", "chosen": "all", "format": "csv", "purpose": "AUDIT", "rows": 1}
    assert (event.facts, event.subject) == (expected, vacancy.reference)


def test_a_list_or_some_chosen_ones(hr, db, vacancy):
    new, other = apply(db, vacancy), apply(db, vacancy, **SHORTLISTED)
    found = rows_of(hr.post_form(address(vacancy), {**CHOICE, "which": "shortlisted"}))
    assert [one["application_ref"] for one in found] == [other.reference]
    path = f"{address(vacancy)}?ref={new.reference.lower()}"
    found = rows_of(hr.post_form(path, {name: CHOICE[name] for name in CHOICE if name != "which"}))
    assert [one["application_ref"] for one in found] == [new.reference]


def test_the_grid_has_no_name_and_room_for_scores(hr, db, vacancy):
    with db.transaction() as session:
        vacancy = make_vacancy(session, criteria=[make_criterion(0, wording="=Steady"), make_criterion(1)])
        first = vacancy.criteria[0].id
    snapshot = make_snapshot()
    answer = row(f"criterion_{first}", "Steady", "I stayed with one family for a year.")
    snapshot["sections"].append(section("statement", "Statement", group("criterion-1", answer)))
    application = apply(db, vacancy, **SHORTLISTED, snapshot=snapshot, disability_confident=True, gap_count=2)
    answer = hr.post_form(address(vacancy), {**CHOICE, "content": "grid"})
    (found,) = rows_of(answer)
    assert list(found) == [
        *("application_ref", "criterion_1_answer", "criterion_1_score_1", "criterion_1_score_2"),
        *("criterion_2_answer", "criterion_2_score_1", "criterion_2_score_2"),
        *("statement", "total", "dc_scheme", "gaps_noted", "recommendation"),
    ]
    assert found["application_ref"] == application.reference
    assert found["criterion_1_answer"] == "I stayed with one family for a year."
    assert (found["criterion_1_score_1"], found["dc_scheme"], found["gaps_noted"]) == ("", "yes", "2")
    for secret in SECRETS.values():
        assert secret.encode() not in answer.data


def test_the_schedule_is_in_the_order_of_the_day(hr, db, vacancy):
    from_now = {"shortlisted_at": AT, "status": Status.INTERVIEW_INVITED}
    by_video = {"interview_mode": InterviewMode.VIDEO}
    there = {"interview_mode": InterviewMode.IN_PERSON, "interview_place": "Civic Centre, room 4"}
    later = apply(db, vacancy, **from_now, **by_video, interview_at=AT.replace(hour=15))
    sooner = apply(db, vacancy, **from_now, **there, interview_at=AT.replace(hour=11))
    apply(db, vacancy)
    apply(db, vacancy, status=Status.WITHDRAWN, shortlisted_at=AT, interview_at=AT)
    found = rows_of(hr.post_form(address(vacancy), {**CHOICE, "content": "interviews"}))
    assert list(found[0]) == ["time", "application_ref", "name", "venue", "adjustments", "panel"]
    assert [one["application_ref"] for one in found] == [sooner.reference, later.reference]
    assert found[0]["name"] == "Zoë Hiddenname"
    assert [one["venue"] for one in found] == ["Civic Centre, room 4", "By video"]
    assert (found[0]["adjustments"], found[0]["panel"]) == ("Hiddenadjustment", "Sam Example")


@pytest.mark.parametrize("missing", CHOICE)
def test_each_choice_is_needed(hr, db, vacancy, missing):
    apply(db, vacancy)
    answer = hr.post_form(address(vacancy), {**CHOICE, missing: None})
    assert answer.status_code == 422
    assert answer.page.errors
    assert events(db) == []


def test_what_is_missing_is_said_in_the_order_of_the_page(hr, db, vacancy):
    apply(db, vacancy)
    page = hr.post_form(address(vacancy), dict.fromkeys(CHOICE)).page
    asked = [legend.text for legend in page.main.all("legend")]
    assert asked == ["Which applications?", "What do you need?", "Type of file", "What do you need it for?"]
    assert [error.partition(" ")[2] for error in page.errors] == [
        *("which applications", "what you need", "the type of file", "what you need the export for")
    ]


def test_too_large_a_workbook_is_refused(hr, db, vacancy, monkeypatch):
    apply(db, vacancy)
    apply(db, vacancy)
    monkeypatch.setitem(exporting.note_export.__kwdefaults__, "most", 1)
    answer = hr.post_form(address(vacancy), {**CHOICE, "file_format": "xlsx"})
    assert answer.status_code == 422
    assert events(db) == []


def test_all_vacancies_in_one_file(hr, db, vacancy):
    apply(db, vacancy)
    with db.transaction() as session:
        make_application(session, **SHORTLISTED)
    answer = hr.post_form("/staff/applications/export", {"file_format": "csv", "purpose": "AUDIT"})
    found = rows_of(answer)
    assert len({one["vacancy_ref"] for one in found}) == 2
    assert [bool(one["family_name"]) for one in found] == [False, True]
    (event,) = events(db)
    assert (event.subject, event.facts["rows"]) == ("", 2)


def test_a_hiring_manager_exports_nothing(sign_in, vacancy):
    manager = sign_in("hiring_manager")
    for path in (
        address(vacancy),
        "/staff/applications/export",
        address(vacancy).replace("export", "numbers"),
    ):
        assert manager.get(path).status_code == 403


def test_numbers_come_a_hundred_at_a_time_without_those_behind_the_veil(hr, db, vacancy):
    with db.transaction() as session:
        merged = session.merge(vacancy)
        for number in range(150):
            make_application(session, merged, **SHORTLISTED, registration_number=f"SW{1000 + number}")
        make_application(session, merged, **SHORTLISTED, registration_number="SW1000")
        make_application(
            session, merged, **SHORTLISTED, registration_body="hcpc", registration_number="PYL012345"
        )
        make_application(session, merged, registration_number="SW99999")
        make_application(session, merged, status=Status.WITHDRAWN, registration_number="SW88888")
    page = hr.get(f"/staff/applications/{vacancy.reference}/numbers").page
    areas = [area.text for area in page.main.all("code")]
    assert [len(area.split(", ")) for area in areas] == [1, 100, 50]
    assert areas[0] == "PYL012345"
    assert {"SW99999", "SW88888"} & set(", ".join(areas).split(", ")) == set()
    (event,) = events(db, "applications.numbers_read")
    assert (event.subject, event.facts) == (vacancy.reference, {"rows": 151})


COMMAND = ["export", "applications", "--purpose", "AUDIT"]


def test_the_command_gives_the_same_file_with_its_audit(runner, db, vacancy, tmp_path):
    apply(db, vacancy)
    with db.transaction() as session:
        make_application(session)
    file = tmp_path / "applications.csv"
    options = ["--format", "csv", "--output", str(file), "--vacancy", vacancy.reference.lower()]
    done = runner.invoke(args=[*COMMAND, *options])
    assert (done.exit_code, done.output) == (0, f"1 applications written to {file}.\n")
    assert file.read_text(encoding="utf-8-sig").splitlines()[0] == HEADERS
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"Hiddenname" not in file.read_bytes()
    (event,) = events(db)
    assert event.actor.startswith("command line: ")
    assert (event.facts["rows"], event.subject) == (1, vacancy.reference)


def test_the_command_makes_a_workbook_of_everything(runner, db, vacancy, tmp_path):
    apply(db, vacancy)
    file = tmp_path / "x.xlsx"
    assert runner.invoke(args=[*COMMAND, "--format", "xlsx", "--output", str(file)]).exit_code == 0
    assert openpyxl.load_workbook(file).active.max_row == 2


@pytest.mark.parametrize("options", [["--content", "grid"], ["--vacancy", "SCC-CS-1999-0001"]])
def test_the_command_says_what_is_missing(runner, db, vacancy, tmp_path, options):
    done = runner.invoke(args=[*COMMAND, *options, "--format", "csv", "--output", str(tmp_path / "x")])
    assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == []
    assert events(db) == []


def test_the_command_refuses_more_than_a_sheet_holds(runner, db, vacancy, tmp_path, monkeypatch):
    apply(db, vacancy)
    apply(db, vacancy)
    monkeypatch.setattr(commands, "MOST_ROWS", 1)
    done = runner.invoke(args=[*COMMAND, "--format", "xlsx", "--output", str(tmp_path / "x.xlsx")])
    assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_rows_are_read_a_few_at_a_time(db, vacancy, statements):
    for _ in range(3):
        apply(db, vacancy)
    with db.reading() as session, statements() as found:
        assert len(list(exports.rows_for(Wanted(Content.APPLICATIONS))(session))) == 3
    assert len([one for one in found if one.lstrip().startswith("SELECT")]) == 1
