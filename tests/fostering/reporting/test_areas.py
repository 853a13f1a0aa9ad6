"""Which areas are not told, so that neither a figure nor a sum says where few came from."""

from collections import Counter
from datetime import timedelta

import pytest
from time_machine import travel

from portal.fostering.options import Area
from portal.fostering.reporting.areas import small, untold
from tests.fostering.reporting.files import export
from tests.fostering.reporting.stories import NOW
from tests.support.builders import make_enquiry
from tests.support.spreadsheets import read_csv

MANY = dict.fromkeys(Area, 9)
ELSEWHERE = {Area.PORTS, Area.IOW, Area.OTHER, Area.UNKNOWN}


@pytest.mark.parametrize(
    ("numbers", "hidden"),
    [
        ({}, set(Area)),
        (MANY, set()),
        (MANY | {Area.IOW: 5}, set()),
        ({Area.SOTON: 60, Area.HANTS: 5, Area.IOW: 1}, ELSEWHERE),
        (MANY | {Area.IOW: 4, Area.OTHER: 0}, {Area.IOW, Area.OTHER}),
    ],
)
def test_an_area_with_fewer_than_five_is_not_told(numbers, hidden):
    assert small(numbers) == untold(numbers) == hidden


def test_one_alone_would_be_what_is_missing_so_the_next_smallest_is_not_told_either():
    numbers = MANY | {Area.IOW: 4, Area.HANTS: 7}
    assert small(numbers) == {Area.IOW}
    assert untold(numbers) == {Area.IOW, Area.HANTS}
    assert untold(MANY | {Area.IOW: 0}) == {Area.IOW}, "nobody is found in nothing"


@pytest.mark.parametrize("readable", [1, 0])
def test_an_area_is_not_told_of_the_few_rows_that_restricted_ones_leave_in_a_file(db, sign_in, readable):
    with db.transaction() as session:
        for area in set(Area) - {Area.IOW}:
            for _ in range(9 if area is not Area.PORTS else 6):
                make_enquiry(session, received_at=NOW - timedelta(days=40), area=area)
        for number in range(5):
            secret = {"restricted_at": NOW} if number >= readable else {}
            make_enquiry(session, received_at=NOW - timedelta(days=40), area=Area.IOW, **secret)
    with travel(NOW, tick=False):
        client = sign_in("fostering_analyst")
        rows = Counter(row["area"] for row in read_csv(export(client, "rows", 2027)))
        months = read_csv(export(client, "monthly", 2027))
    assert rows == {"SOTON": 9, "HANTS": 9, "OTHER": 9, "UNKNOWN": 9, "SUPPRESSED": 6 + readable}
    (row,) = [row for row in months if row["enquiries"] != "0"]
    assert (row["area_IOW"], row["area_PORTS"], row["area_none"]) == ("SUPPRESSED", "SUPPRESSED", "11")
