"""The council's file: a slip in it stops the start, by table and key, and never an enquiry later."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.council import DEFAULT_FILE, CouncilError, load_council

DEFAULT = DEFAULT_FILE.read_text(encoding="utf-8")

SLIPS = [
    ("fostering", "extra_closed_days", '["2026-12-29"]'),
    ("fostering", "extra_closed_days", "[2026-12-29T09:00:00]"),
    ("fostering", "extra_closed_days", "2026-12-29"),
    ("fostering", "opens", '"9"'),
    ("fostering", "opens", "09:00:00"),
    ("fostering", "closes", '"5pm"'),
    ("fostering", "closes", '"24:00"'),
    ("fostering", "closes", '"17:00+01:00"'),
    ("fostering", "closes", '"08:59"'),
    ("fostering", "closes", '"09:00"'),
    ("fostering", "first_contact_working_days", "-1"),
    ("fostering", "first_contact_working_days", "0"),
    ("fostering", "first_contact_working_days", "1.5"),
    ("fostering", "first_contact_working_days", "true"),
    ("fostering", "first_contact_working_days", "1_000_000_000"),
    ("fostering", "info_pack_follow_up_days", "0"),
    ("fostering", "duplicate_months", "-24"),
    ("fostering", "evening_calls", "1"),
    ("fostering", "evening_calls", '"no"'),
    ("fostering", "care_types", '"x"'),
    ("fostering", "care_types", "[]"),
    ("fostering", "care_types", '["SHORT_TERM", 5]'),
    ("fostering", "care_types", '["short term"]'),
    ("fostering", "care_types", '["SHORT_TERM", "SHORT_TERM"]'),
    ("fostering", "care_types", '[["SHORT_TERM"]]'),
    ("fostering", "alert_email", '"a@example.org, b@example.org"'),
    ("fostering", "alert_email", '"a@example.org; b@example.org"'),
    ("fostering", "alert_email", '"Team <a@example.org>"'),
    ("fostering", "alert_email", '" a@example.org"'),
    ("fostering", "alert_email", '"a@example.org\\nBcc: b@example.org"'),
    ("fostering", "alert_email", '["a@example.org"]'),
    ("fostering", "alert_email", '""'),
    ("fostering", "email", '"the team"'),
    ("fostering", "phone", '"call us"'),
    ("fostering", "hours", '""'),
    ("fostering", "hub_name", '"Two\\nlines"'),
    ("fostering", "information_pack_url", '"javascript:alert(1)"'),
    ("fostering", "information_pack_url", '"http://example.org/pack"'),
    ("fostering", "panel_before_decision", '"yes"'),
    ("fostering.clocks", "visit_working_days", "0"),
    ("fostering.clocks", "stage_one_decision_working_days", "11"),
    ("fostering.clocks", "panel_months", "9"),
    ("fostering.clocks", "keep_in_touch_months", "13"),
    ("recruitment", "email", '"a@b@example.org"'),
    ("recruitment", "full_time_hours", "0"),
    ("safeguarding", "public_phone", '"12 to 14"'),
    ("data_protection", "contact_email", '"nobody"'),
    ("data_protection", "approved", '"yes"'),
    ("retention", "enquiry_closed", "-1"),
    ("retention", "enquiry_spam_days", "0"),
    ("retention", "keep_in_touch_max", "100000"),
    ("retention", "keep_in_touch_max", "37"),
    ("retention", "enquiry_closed", "11"),
    ("retention", "enquiry_redirected", "37"),
    ("retention", "enquiry_approved", "37"),
    ("retention", "security_record", "59"),  # applications are kept for 36 months, and 24 after them
    ("retention", "enquiry_closed", "37"),
    ("retention", "application_withdrawn", "35"),
    ("security", "contact", '"security@example.org"'),
    ("security", "contact", '"mailto:a@example.org,b@example.org"'),
    ("security", "contact", '"http://example.org/report"'),
    ("security", "policy", '"policy.html"'),
    ("security", "expires_days", "0"),
    ("accessibility", "prepared_on", '"23 November 2026"'),
    ("accessibility", "reviewed_on", "2026-11-23T10:00:00"),
    ("accessibility", "contact_email", '"a@example.org b@example.org"'),
]

GOOD = [
    ("fostering", "extra_closed_days", "[2026-12-29, 2026-12-30]"),
    ("fostering", "closes", '"16:30"'),
    ("fostering", "care_types", '["NOT_SURE"]'),
    ("fostering", "information_pack_url", '"https://example.org/pack.pdf?v=2"'),
    ("fostering", "alert_email", '"o\'brien+new@team.example.org"'),
    ("safeguarding", "public_phone", '"+44 1632 960018"'),
    ("security", "contact", '"https://example.org/report"'),
    ("security", "policy", '"https://example.org/policy"'),
    ("accessibility", "audited_by", '"A company"'),
]


def changed(folder: Path, table: str, key: str, value: str) -> Path:
    """The default file with one value replaced."""
    before, heading, rest = DEFAULT.partition(f"[{table}]")
    text, times = re.subn(rf"^{key} = .*$", lambda _: f"{key} = {value}", rest, count=1, flags=re.MULTILINE)
    assert times == 1
    file = folder / "council.toml"
    file.write_text(before + heading + text, encoding="utf-8")
    return file


@pytest.mark.parametrize(("table", "key", "value"), SLIPS)
def test_a_slip_is_refused_by_table_and_key(table: str, key: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(CouncilError, match=rf"^in \[{table}\]: {key}\b.* must be "):
        load_council(changed(tmp_path, table, key, value))


@pytest.mark.parametrize(("table", "key", "value"), GOOD)
def test_what_a_council_may_well_write_is_taken(table: str, key: str, value: str, tmp_path: Path) -> None:
    load_council(changed(tmp_path, table, key, value))


def test_a_period_shorter_than_the_law_allows_is_refused_with_the_reason(tmp_path: Path) -> None:
    words = r"must be between 36 and 240: the law asks for at least three years$"
    with pytest.raises(CouncilError, match=words):
        load_council(changed(tmp_path, "retention", "application_withdrawn", "6"))


def test_a_value_in_place_of_a_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "council.toml"
    before, _, after = DEFAULT.partition("[security]")
    file.write_text('security = "x"\n' + before + after[after.index("[accessibility]") :], encoding="utf-8")
    with pytest.raises(CouncilError, match=r"\[top level\]: security must be a table"):
        load_council(file)


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "council.toml"
    file.write_bytes(DEFAULT.encode("utf-16"))
    with pytest.raises(CouncilError, match="cannot read"):
        load_council(file)


def test_the_types_are_those_the_program_uses(tmp_path: Path) -> None:
    team = load_council(changed(tmp_path, "fostering", "extra_closed_days", "[2026-12-29]")).fostering
    assert [day.isoformat() for day in team.extra_closed_days] == ["2026-12-29"]
    assert (team.opening_time.hour, team.closing_time.hour) == (9, 17)
    assert isinstance(team.care_types, tuple)
