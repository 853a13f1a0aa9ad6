"""`portal export fostering`: the file of the staff pages, its audit, and where it may be written."""

import csv
import os
import pwd
import secrets
import stat
import subprocess
import sys

import openpyxl
import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.fostering.follow_up import commands, service
from portal.fostering.options import Area
from tests.support.builders import make_enquiry
from tests.support.sources import ROOT

CHOICE = ["export", "fostering", "--purpose", "INSPECTION"]


@pytest.fixture
def households(db):
    with db.transaction() as session:
        make_enquiry(session, public_ref="FOS-26-AAA22", area=Area.HANTS, last_name="=Guarded")
        make_enquiry(session, public_ref="FOS-26-BBB22", area=Area.SOTON)


def events(db):
    with db.reading() as session:
        return session.scalars(select(AuditEvent).where(AuditEvent.event.like("fostering.%"))).all()


def test_the_file_and_the_audit_are_those_of_the_staff_pages(runner, db, households, tmp_path):
    file = tmp_path / "enquiries.csv"
    done = runner.invoke(args=[*CHOICE, "--format", "csv", "--output", str(file), "--area", "HANTS"])
    assert (done.exit_code, done.output) == (0, f"1 enquiries written to {file}.\n")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert (row["public_ref"], row["last_name"]) == ("FOS-26-AAA22", "'=Guarded")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (event,) = events(db)
    assert event.event == "fostering.enquiries_exported"
    assert event.actor == f"command line: {pwd.getpwuid(os.getuid()).pw_name}"
    assert (event.facts["rows"], event.facts["purpose"]) == (1, "INSPECTION")
    assert event.facts["filters"]["area"] == "HANTS"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("asha", ", claimed to be for asha"),
        ("", ""),
        (" \n", ""),
        ("asha\nbryn\u202e\x07", ", claimed to be for asha bryn"),
        ("x" * 300, f", claimed to be for {'x' * 64}"),
    ],
)
def test_who_it_is_for_is_kept_as_claimed(runner, db, tmp_path, said, kept):
    file = tmp_path / "enquiries.csv"
    options = ["--format", "csv", "--output", str(file)]
    assert runner.invoke(args=[*CHOICE, *options], env={"PORTAL_OPERATOR": said}).exit_code == 0
    (event,) = events(db)
    assert event.actor == f"command line: {pwd.getpwuid(os.getuid()).pw_name}{kept}"


def test_the_documented_wrapper_says_who_called_it():
    wrapper = (
        (ROOT / "docs" / "operations.md").read_text().partition("exec systemd-run")[2].partition("```")[0]
    )
    assert '--setenv=PORTAL_OPERATOR="${SUDO_USER:-$(id -un)}"' in wrapper


def test_a_workbook_is_as_on_the_staff_pages(runner, db, households, tmp_path):
    file = tmp_path / "enquiries.xlsx"
    assert runner.invoke(args=[*CHOICE, "--format", "xlsx", "--output", str(file)]).exit_code == 0
    sheet = openpyxl.load_workbook(file).active
    assert [sheet[1][0].value, sheet[2][0].value, sheet.max_row] == ["Reference", "FOS-26-AAA22", 3]


def test_a_command_waits_for_as_many_as_a_sheet_holds(runner, db, households, tmp_path, monkeypatch):
    monkeypatch.setattr(service, "MOST_AT_A_TIME", 1)
    options = [*CHOICE, "--format", "xlsx", "--output", str(tmp_path / "enquiries.xlsx")]
    assert "2 enquiries written" in runner.invoke(args=options).output


def test_more_than_a_sheet_holds_is_refused(runner, db, households, tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "MOST_ROWS", 1)
    done = runner.invoke(args=[*CHOICE, "--format", "xlsx", "--output", str(tmp_path / "enquiries.xlsx")])
    assert (done.exit_code, "A spreadsheet can have up to 1 enquiries" in done.output) == (1, True)
    assert list(tmp_path.iterdir()) == []
    assert events(db) == []


def test_no_file_is_written_over_and_nothing_is_noted_then(runner, db, households, tmp_path):
    file = tmp_path / "enquiries.csv"
    file.write_text("mine")
    done = runner.invoke(args=[*CHOICE, "--format", "csv", "--output", str(file)])
    assert done.exit_code == 1
    assert "exists already" in done.output
    assert file.read_text() == "mine"
    assert events(db) == []


@pytest.mark.parametrize("missing", ["--purpose", "--format", "--output"])
def test_without_a_purpose_a_format_or_a_file_there_is_none(runner, db, tmp_path, missing):
    options = {"--purpose": "INSPECTION", "--format": "csv", "--output": str(tmp_path / "x.csv")}
    del options[missing]
    given = [part for pair in options.items() for part in pair]
    assert runner.invoke(args=["export", "fostering", *given]).exit_code == 2
    assert list(tmp_path.iterdir()) == []
    assert events(db) == []


def test_the_real_command_exports(database, db, households, tmp_path):
    file = tmp_path / "enquiries.csv"
    command = [sys.executable, "-m", "portal.cli", *CHOICE, "--format", "csv", "--output", str(file)]
    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL_MODE": "development",
        "SECRET_KEY": secrets.token_hex(32),
        "DATABASE_URL": database.url,
        "INSTANCE": str(tmp_path),
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "2 enquiries written" in done.stdout
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == 3
    assert len(events(db)) == 1
