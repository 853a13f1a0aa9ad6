"""What an inspection's record says of itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.core.database import Database
from portal.core.errors import StaleEdit
from portal.inspections.models import CHECK_EVERY, Area, Grade, Inspection, Judgement, span_of_days
from tests.support.first_records import inspection_2019, inspection_2023
from tests.support.inspections import make_inspection


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2023, 6, 5), date(2023, 6, 16), "5 to 16 June 2023"),
        (date(2023, 5, 29), date(2023, 6, 9), "29 May to 9 June 2023"),
        (date(2023, 12, 27), date(2024, 1, 5), "27 December 2023 to 5 January 2024"),
        (date(2023, 6, 5), date(2023, 6, 5), "5 June 2023"),
    ],
)
def test_days_are_written_as_people_say_them(first: date, last: date, words: str) -> None:
    assert span_of_days(first, last) == words


def test_the_first_records_hold_the_facts() -> None:
    newer, older = inspection_2023(), inspection_2019()
    assert newer.dates == "5 to 16 June 2023"
    assert newer.published_on == date(2023, 7, 28)
    assert {judgement.area: judgement.grade for judgement in newer.judgements} == {
        Area.LEADERS: Grade.OUTSTANDING,
        Area.HELP_PROTECTION: Grade.GOOD,
        Area.IN_CARE: Grade.GOOD,
        Area.CARE_LEAVERS: Grade.GOOD,
        Area.OVERALL: Grade.GOOD,
    }
    assert older.dates == "18 to 29 November 2019"
    assert older.published_on == date(2020, 1, 9)
    # Care leavers had no judgement of their own then.
    assert {judgement.area for judgement in older.judgements} == set(Area) - {Area.CARE_LEAVERS}
    assert {judgement.grade for judgement in older.judgements} == {Grade.REQUIRES_IMPROVEMENT}
    assert older.overall is not None
    assert older.overall.grade.label == "Requires improvement to be good"


def test_an_inspection_without_grades_has_no_overall_judgement() -> None:
    assert Inspection(judgements=[]).overall is None


def test_a_record_wants_a_look_after_a_year() -> None:
    looked = date(2026, 1, 1)
    inspection = Inspection(checked_on=looked)
    assert not inspection.needs_check(looked + CHECK_EVERY)
    assert inspection.needs_check(looked + CHECK_EVERY + timedelta(days=1))
    assert Inspection(checked_on=None).needs_check(looked)


def test_one_provider_has_one_inspection_a_day(db: Database) -> None:
    with db.transaction() as session:
        make_inspection(session)
    with pytest.raises(IntegrityError), db.transaction() as session:
        make_inspection(session)


def test_one_area_has_one_grade(db: Database) -> None:
    twice = [
        Judgement(area=Area.OVERALL, label="Overall", grade=grade, position=place)
        for place, grade in enumerate((Grade.GOOD, Grade.INADEQUATE))
    ]
    with pytest.raises(IntegrityError), db.transaction() as session:
        make_inspection(session, judgements=twice)


@pytest.mark.parametrize(
    "wrong",
    [{"ends_on": date(2027, 2, 28)}, {"published_on": date(2027, 3, 11)}],
    ids=["ends before it starts", "published before it ends"],
)
def test_the_dates_are_in_order(db: Database, wrong: dict[str, date]) -> None:
    with pytest.raises(IntegrityError), db.transaction() as session:
        make_inspection(session, **wrong)


def test_a_record_changed_meanwhile_is_not_overwritten(db: Database) -> None:
    with db.transaction() as session:
        number = make_inspection(session).id
    with db.reading() as session:
        shown = session.get_one(Inspection, number)
    with db.transaction() as session:
        session.get_one(Inspection, number).headline = "Changed by somebody else"
    shown.headline = "Changed from an older page"
    with pytest.raises(StaleEdit), db.transaction() as session:
        session.add(shown)
