"""Amber and breach of each clock of domain §6, counted by hand; times are London's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.council import load_council
from portal.fostering.clocks import pack_due, packs_overdue_before
from portal.fostering.limits import (
    Lateness,
    in_order,
    lateness_of,
    lateness_of_acknowledgement,
    lateness_of_pack,
    limits_of,
)
from portal.fostering.options import Stage, Status

LONDON = ZoneInfo("Europe/London")
TEAM = load_council().fostering


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


MONDAY = at("2026-11-23T10:00")


@dataclass
class Row:
    """What the queue selects of an enquiry."""

    stage: Stage
    due_at: datetime | None
    received_at: datetime = MONDAY
    status: Status = Status.OPEN
    application_at: datetime | None = None
    stage1_info_complete_at: datetime | None = None
    stage1_decision_at: datetime | None = None
    stage_since: datetime | None = None
    attempts: int = 1
    first_attempt_at: datetime | None = MONDAY


def told(row: Row) -> tuple[str | None, str]:
    limits = limits_of(row, TEAM)
    assert limits is not None
    amber, breach = (
        moment.astimezone(LONDON).isoformat()[:16] if moment is not None else None for moment in limits
    )
    return amber, str(breach)


@pytest.mark.parametrize(
    ("received", "due", "amber", "breach"),
    [
        # 7 + 8 working hours: 80 % of 15 are 12, and 5 of them are on Tuesday
        ("2026-11-23T10:00", "2026-11-24T17:00", "2026-11-24T14:00", "2026-11-25T17:00"),
        # a minute on Friday and 8 hours on Monday: 384.8 of 481 minutes
        ("2026-11-27T16:59", "2026-11-30T17:00", "2026-11-30T15:23", "2026-12-01T17:00"),
        # received at night: Monday and Tuesday, 12.8 of 16 hours
        ("2026-11-28T23:00", "2026-12-01T17:00", "2026-12-01T13:48", "2026-12-02T17:00"),
        # over Christmas: 8 hours on the 24th and on the 29th
        ("2026-12-24T09:00", "2026-12-29T17:00", "2026-12-29T13:48", "2026-12-30T17:00"),
    ],
)
def test_the_first_contact_is_amber_after_four_fifths_of_the_working_time(
    received: str, due: str, amber: str, breach: str
) -> None:
    assert told(Row(Stage.NEW, at(due), received_at=at(received))) == (amber, breach)


@pytest.mark.parametrize(
    ("stage", "due", "amber", "breach"),
    [
        (Stage.CONTACTING, "2026-11-26T17:00", "2026-11-25T17:00", "2026-11-30T17:00"),
        (Stage.CALL_DONE, "2026-12-08T17:00", "2026-12-03T17:00", "2026-12-15T17:00"),
        (Stage.VISIT_DONE, "2027-01-05T17:00", None, "2027-01-12T17:00"),
        (Stage.APPLICATION_INVITED, "2026-12-18T17:00", None, "2027-01-06T17:00"),
        (Stage.CONTACTING, "2026-11-28T10:30", "2026-11-27T17:00", "2026-12-01T17:00"),  # asked for Saturday
    ],
)
def test_a_clock_of_working_days(stage: Stage, due: str, amber: str | None, breach: str) -> None:
    assert told(Row(stage, at(due))) == (amber, breach)


def test_to_take_a_household_is_no_attempt_so_its_first_contact_keeps_its_marks() -> None:
    taken = Row(Stage.CONTACTING, at("2026-11-24T17:00"), attempts=0, first_attempt_at=None)
    taken.stage_since = at("2026-11-23T11:00")
    assert told(taken) == told(Row(Stage.NEW, at("2026-11-24T17:00")))
    tried = Row(Stage.CONTACTING, at("2026-11-24T17:00"), stage_since=MONDAY)
    assert told(tried) != told(taken)


def test_whoever_is_taken_up_again_is_late_as_a_new_household_is() -> None:
    since = at("2027-03-01T10:00")
    row = Row(Stage.CONTACTING, at("2027-03-02T17:00"), stage_since=since, attempts=4)
    assert told(row) == ("2027-03-02T14:00", "2027-03-03T17:00")


def test_a_review_is_past_its_limit_five_working_days_on() -> None:
    row = Row(Stage.KEEP_IN_TOUCH, at("2026-12-22T17:00"), status=Status.KEEP_IN_TOUCH)
    assert told(row) == (None, "2026-12-31T17:00")


def test_the_panel_is_amber_in_the_seventh_month_and_past_its_limit_after_the_eighth() -> None:
    applied = at("2026-11-30T12:00")
    row = Row(Stage.STAGE_TWO, at("2027-05-28T17:00"), application_at=applied)
    assert told(row) == ("2027-06-30T17:00", "2027-07-30T17:00")
    for moment, stands in (
        ("2027-05-28T16:59", Lateness.IN_TIME),
        ("2027-05-28T17:01", Lateness.LATE),
        ("2027-06-30T17:00", Lateness.NEAR_LIMIT),
        ("2027-07-30T17:00", Lateness.NEAR_LIMIT),
        ("2027-07-30T17:01", Lateness.BREACH),
    ):
        assert lateness_of(row, TEAM, at(moment)) is stands, moment


def test_the_decision_after_stage_one_has_the_laws_limit() -> None:
    facts = {"application_at": at("2026-11-30T12:00"), "stage1_info_complete_at": at("2026-12-10T12:00")}
    row = Row(Stage.STAGE_ONE, at("2026-12-24T17:00"), **facts)
    assert told(row) == ("2026-12-21T17:00", "2026-12-24T17:00")
    assert lateness_of(row, TEAM, at("2026-12-24T17:01")) is Lateness.BREACH


@pytest.mark.parametrize("stage", [Stage.PANEL, Stage.DECISION])
def test_the_decision_and_telling_them_are_past_their_limit_as_soon_as_they_are_late(stage: Stage) -> None:
    row = Row(stage, at("2026-12-29T17:00"), application_at=at("2026-06-30T12:00"))
    assert told(row) == (None, "2026-12-29T17:00")
    assert lateness_of(row, TEAM, at("2026-12-29T17:00")) is Lateness.IN_TIME
    assert lateness_of(row, TEAM, at("2026-12-29T17:01")) is Lateness.BREACH


def test_lateness_changes_with_the_minute() -> None:
    row = Row(Stage.NEW, at("2026-11-24T17:00"))
    for moment, stands in (
        ("2026-11-24T13:59", Lateness.IN_TIME),
        ("2026-11-24T14:00", Lateness.SOON),
        ("2026-11-24T17:00", Lateness.SOON),
        ("2026-11-24T17:01", Lateness.LATE),
        ("2026-11-25T17:00", Lateness.LATE),
        ("2026-11-25T17:01", Lateness.BREACH),
    ):
        assert lateness_of(row, TEAM, at(moment)) is stands, moment


def test_nothing_is_late_that_is_not_owed() -> None:
    closed = Row(Stage.CLOSED, None, status=Status.CLOSED)
    assert limits_of(closed, TEAM) is None
    assert lateness_of(closed, TEAM, at("2030-01-01T10:00")) is Lateness.IN_TIME


def test_a_councils_marks_must_lie_around_its_targets() -> None:
    assert in_order(TEAM)
    for slip in ({"visit_breach": 9}, {"initial_call_amber": 4}, {"panel_amber_months": 5}):
        assert not in_order(replace(TEAM, warnings=replace(TEAM.warnings, **slip))), slip
    assert not in_order(replace(TEAM, clocks=replace(TEAM.clocks, decision_told_working_days=6)))


def test_an_acknowledgement_is_late_after_five_minutes_and_past_its_limit_after_an_hour_at_any_time() -> None:
    sunday_night = at("2026-11-22T23:58")
    for moment, stands in (
        ("2026-11-23T00:03", Lateness.IN_TIME),
        ("2026-11-23T00:04", Lateness.LATE),
        ("2026-11-23T00:58", Lateness.LATE),
        ("2026-11-23T00:59", Lateness.BREACH),
    ):
        assert lateness_of_acknowledgement(sunday_night, TEAM, at(moment)) is stands, moment


@pytest.mark.parametrize(
    ("received", "limit"),
    [
        ("2026-11-23T10:00", "2026-11-30T17:00"),
        ("2026-11-23T17:00", "2026-12-01T17:00"),
        ("2026-12-24T10:00", "2027-01-05T17:00"),  # Christmas, Boxing Day’s Monday, the New Year
        ("2027-03-25T10:00", "2027-04-05T17:00"),  # Good Friday, Easter Monday, and the clocks go forward
    ],
)
def test_a_pack_that_the_team_sends_has_five_working_days(received: str, limit: str) -> None:
    assert pack_due(at(received), TEAM) == at(limit)
    assert lateness_of_pack(at(received), TEAM, at(limit)) is Lateness.IN_TIME
    assert lateness_of_pack(at(received), TEAM, at(limit) + timedelta(minutes=1)) is Lateness.BREACH
    assert packs_overdue_before(at(limit), TEAM) <= at(received)
    assert at(received) < packs_overdue_before(at(limit) + timedelta(minutes=1), TEAM)


def test_an_acknowledgement_has_its_target_before_its_limit() -> None:
    warnings = replace(TEAM.warnings, acknowledgement_breach_minutes=4)
    assert not in_order(replace(TEAM, warnings=warnings))
