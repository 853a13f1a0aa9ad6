"""Which areas are not told, so that neither a figure nor a sum says where few came from."""

import pytest

from portal.fostering.options import Area
from portal.fostering.reporting.areas import small, untold

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
