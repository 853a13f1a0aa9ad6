"""The operational export: columns, safety, purpose, and who may have it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.export import clean_cell
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up import service
from portal.fostering.follow_up.exports import HEADERS as HEADERS_OF
from portal.fostering.follow_up.exports import columns_for
from portal.fostering.guarded import Reader
from portal.fostering.keeping.queries import to_approve
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, Area, CareType, NextStep, Stage, Status
from tests.support.builders import make_enquiry
from tests.support.spreadsheets import STARTS, read_csv, read_workbook

EXPORT = "/staff/fostering/export"

# Domain: fostering §7.1, in its order.
HEADERS = """public_ref received_at channel heard_from utm_campaign hub_origin hub_ref stage status owner
area district_or_la area_confidence enquirer_type first_name last_name second_name email phone
contact_method contact_times voicemail_ok contact_needs postcode care_types age_groups siblings
availability housing spare_bedrooms other_adults children_0_4 children_5_10 children_11_15
children_16_17 experience fostering_status current_agency smoking pets driver flags sla_due_at
first_attempt_at first_contact_at attempts initial_call_at visit_booked_for visit_done_at
visit_outcome roi_sent_at application_at stage1_info_complete_at stage1_decision_at stage2_start
panel_at adm_at approved_at kit_review_on closed_at closure_code duplicate_of case_system_ref
updates_opt_in retention_due_on"""


def choose(client, **changes):
    typed = {"statuses": ["OPEN"], "file_format": "csv", "purpose": "TEAM_REVIEW", **changes}
    return client.post_form(EXPORT, typed)


def rows_of(answer):
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_columns_are_the_agreed_ones():
    assert [column.header for column in columns_for(load_council().retention)] == HEADERS.split()


def test_every_column_but_the_day_of_going_is_written_by_the_database():
    """Others would make the whole file slow, and nobody would notice."""
    made = [column.header for column in columns_for(load_council().retention) if column.expression is None]
    assert made == ["retention_due_on"]


def test_what_people_wrote_in_their_own_words_is_left_out(officer, db):
    with db.transaction() as session:
        make_enquiry(session, motivation="Because of my own childhood")
    answer = choose(officer)
    assert "childhood" not in answer.text
    assert "motivation" not in answer.text


def test_who_is_named_for_a_restricted_record_is_told_that_it_is_in_the_file(officer, sign_in, db, at):
    with db.transaction() as session:
        secret = make_enquiry(session, restricted_at=at)
        session.add(Reader(enquiry_id=secret.id, person_id=officer.person.id, named_at=at))
    words = f"Restricted records that you are named for are in it as well: {secret.public_ref}."
    assert words in officer.get(EXPORT).page.main.text
    assert [row["public_ref"] for row in rows_of(choose(officer))] == [secret.public_ref]
    others = sign_in("fostering_manager")
    assert "Restricted" not in others.get(EXPORT).page.main.text
    assert rows_of(choose(others)) == []


def test_nothing_in_a_file_is_live_whatever_people_wrote(officer, db):
    written = ("first_name", "last_name", "current_agency", "contact_needs", "utm_campaign")
    with db.transaction() as session:
        for start in STARTS:
            make_enquiry(session, **dict.fromkeys(written, start))
    officer.any_quotes = True
    rows = read_csv(choose(officer).data)
    for name in written:
        assert sorted(row[name] for row in rows) == sorted(f"'{start}" for start in STARTS)
    assert len(read_workbook(choose(officer, file_format="xlsx").data)) == len(STARTS)


def test_every_cell_is_what_the_household_holds(officer, db, at):
    """The columns are read and cleaned in ways of their own, quicker than an entity and a cell at a time."""
    told = {"second_first_name": "Kim ", "contact_times": [], "utm_campaign": "-cmd", "heard_from": None}
    with db.transaction() as session:
        make_enquiry(session, care_types=["SHORT_TERM", "EMERGENCY"], last_name="=É", visit_done_at=at)
        make_enquiry(session, received_at=at - timedelta(microseconds=1), **told)
        make_enquiry(session, received_at=at - timedelta(days=150, microseconds=1))
    answer = choose(officer)
    made = {"owner", "district_or_la", "second_name", "duplicate_of"}
    names = {heading: name for name, heading in HEADERS_OF.items()}
    with db.reading() as session:
        held = session.scalars(select(Enquiry).order_by(Enquiry.received_at)).all()
        for row, enquiry in zip(rows_of(answer), held, strict=True):
            for heading, cell in row.items():
                if heading not in made:
                    assert cell == clean_cell(getattr(enquiry, names.get(heading, heading))), heading
            assert row["second_name"] == ("Kim " if enquiry.utm_campaign else "")


def test_a_phone_number_keeps_its_plus(officer, db):
    with db.transaction() as session:
        make_enquiry(session, phone="+447700900123")
    (row,) = rows_of(choose(officer))
    assert row["phone"] == "'+447700900123"


def test_a_workbook_holds_text_and_nothing_live(officer, db):
    with db.transaction() as session:
        make_enquiry(session, first_name="=1+1", last_name="Sheet\x0bname", attempts=3)
    answer = choose(officer, file_format="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    headers = [cell.value for cell in sheet[1]]
    cell = sheet[2][headers.index("First name")]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert sheet[2][headers.index("Attempts")].value == 3


def test_a_workbook_speaks_in_words_and_real_dates(officer, db, at):
    with db.transaction() as session:
        make_enquiry(
            session,
            received_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
            due_at=at,
            area=Area.SOTON,
            flags=["F_ROOM"],
            care_types=["NOT_SURE"],
            hub_origin=True,
            next_step=NextStep.EVENT,
        )
    sheet = openpyxl.load_workbook(io.BytesIO(choose(officer, file_format="xlsx").get_data())).active
    headers = [cell.value for cell in sheet[1]]
    row = dict(zip(headers, sheet[2], strict=True))
    assert "_" not in "".join(headers)
    assert len(headers) == len(set(headers)) == len(HEADERS.split()) + 2
    assert row["Received"].value.isoformat() == "2026-07-01T23:30:00"
    assert row["Received"].number_format == "d mmm yyyy hh:mm"
    assert row["Next action due"].value.isoformat() == "2026-11-23T10:00:00"
    assert (row["Area"].value, row["Flags"].value) == (Area.SOTON.label, "No spare bedroom now")
    assert (row["Interested in"].value, row["From the regional hub"].value) == (
        CareType.NOT_SURE.label,
        "Yes",
    )
    assert row["Status"].value == Status.OPEN.label
    assert row["Asked for"].value == NextStep.EVENT.label
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(2, len(headers)).coordinate}"
    assert sheet.column_dimensions["A"].width > 12


def test_more_than_the_proxy_waits_for_is_refused_before_anything_is_sent(officer, db, monkeypatch):
    monkeypatch.setattr(service, "MOST_AT_A_TIME", 1)
    with db.transaction() as session:
        make_enquiry(session)
        make_enquiry(session)
    answer = choose(officer, file_format="xlsx")
    assert answer.status_code == 422
    assert answer.page.errors == [
        "A spreadsheet can have up to 1 enquiries and these are 2. Select CSV, or fewer enquiries"
    ]
    assert len(rows_of(choose(officer))) == 2
    with db.reading() as session:
        assert session.scalars(select(AuditEvent)).one().facts["format"] == "csv"


def test_the_choice_decides_the_rows(officer, db, at):
    with db.transaction() as session:
        make_enquiry(session, public_ref="FOS-26-OLD", received_at=at - timedelta(days=40))
        make_enquiry(session, public_ref="FOS-26-NEW")
        make_enquiry(
            session,
            public_ref="FOS-26-END",
            status=Status.CLOSED,
            stage=Stage.CLOSED,
            closure_code=Closure.Q00,
        )
    period = {"received_from-day": "1", "received_from-month": "11", "received_from-year": "2026"}
    assert [row["public_ref"] for row in rows_of(choose(officer, **period))] == ["FOS-26-NEW"]
    everything = choose(officer, statuses=["OPEN", "CLOSED"])
    assert [row["public_ref"] for row in rows_of(everything)] == ["FOS-26-OLD", "FOS-26-NEW", "FOS-26-END"]


def test_the_last_day_of_all_is_a_day(officer, db):
    with db.transaction() as session:
        make_enquiry(session, public_ref="FOS-26-NOW")
    last = {"received_to-day": "31", "received_to-month": "12", "received_to-year": "9999"}
    assert [row["public_ref"] for row in rows_of(choose(officer, **last))] == ["FOS-26-NOW"]


def test_the_audit_knows_who_what_how_many_and_why(officer, db):
    with db.transaction() as session:
        make_enquiry(session)
        make_enquiry(session)
    choose(officer, purpose="INSPECTION")
    with db.reading() as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "fostering.enquiries_exported")
        ).one()
    assert event.actor_id == officer.person.id
    assert (event.facts["rows"], event.facts["purpose"], event.facts["format"]) == (2, "INSPECTION", "csv")
    assert event.facts["filters"]["statuses"] == "OPEN"


def test_without_a_purpose_there_is_no_file_and_no_audit(officer, db):
    answer = choose(officer, purpose=None)
    assert answer.status_code == 422
    assert answer.page.errors == ["Select what you need the export for"]
    with db.reading() as session:
        assert session.scalars(select(AuditEvent)).all() == []


def test_a_period_must_not_run_backwards(officer):
    typed = {"received_from-day": "2", "received_from-month": "11", "received_from-year": "2026"}
    typed |= {"received_to-day": "1", "received_to-month": "11", "received_to-year": "2026"}
    answer = choose(officer, **typed)
    assert answer.page.errors == ["Received up to must be the same as or after Received from"]


def test_the_day_of_what_is_closed_kept_in_touch_with_or_approved_is_the_one_of_the_deletion(officer, db, at):
    kept = {"status": Status.KEEP_IN_TOUCH, "stage": Stage.KEEP_IN_TOUCH, "kit_review_on": at.date()}
    gone = {"due_at": None}
    approved = {"status": Status.APPROVED, "stage": Stage.APPROVED, **gone}
    closed = {"status": Status.CLOSED, "stage": Stage.CLOSED, **gone}
    applied = {"application_at": at, "closure_code": Closure.AW1, "retention_due_on": date(2029, 12, 1)}
    with db.transaction() as session:
        make_enquiry(session)
        make_enquiry(session, **closed, **applied)
        make_enquiry(session, **kept)
        spoken = make_enquiry(session, **kept)
        for days in (40, 69, 3):
            talk = {"kind": ActivityKind.CALL_OUT, "at": at + timedelta(days=days), "by_name": ""}
            session.add(Activity(enquiry_id=spoken.id, **talk))
        make_enquiry(session, **approved, approved_at=at + timedelta(days=99))
        make_enquiry(session, **approved)
    rows = rows_of(choose(officer, statuses=[status.value for status in Status]))
    days = [row["retention_due_on"] for row in rows]
    assert days == ["", "2029-12-01", "2029-11-23", "2030-01-31", "2028-03-02", ""], "none without a day"
    periods = load_council().retention
    later = at + timedelta(days=4000)
    with db.reading() as session:
        due = {one.reference: one.goes_on.isoformat() for one in to_approve(session, later, periods)}
    assert due == {row["public_ref"]: row["retention_due_on"] for row in rows if row["retention_due_on"]}
