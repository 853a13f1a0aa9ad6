"""What staff may type for a time of day."""

from datetime import time

import pytest

from portal.core.times import read_time


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2pm", time(14)),
        ("2:30pm", time(14, 30)),
        ("2.30 PM", time(14, 30)),
        ("14:30", time(14, 30)),
        ("1430", time(14, 30)),
        ("9", time(9)),
        ("midday", time(12)),
        (" Noon", time(12)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("0:00", time(0)),
        ("8:15", time(8, 15)),
        ("02:30", time(2, 30)),
        ("2:30am", time(2, 30)),
    ],
)
def test_times_people_write_are_understood(typed, meant):
    assert read_time(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "25:00",
        "10:60",
        "13pm",
        "0am",
        "half past two",
        "٢pm",
        "2:30:15",
        "123456",
        "2:30",
        "7",
        "2.30",
        "230",
    ],
)
def test_other_things_are_no_time(typed):
    assert read_time(typed) is None
