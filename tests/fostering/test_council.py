"""What a council's file says about fostering is checked when the portal starts."""

import dataclasses

import pytest

from portal.council import load_council
from portal.settings import SettingsError

COUNCIL = load_council()


def test_a_kind_of_care_that_nobody_knows_stops_the_start(make_app):
    team = dataclasses.replace(COUNCIL.fostering, care_types=("SHORT_TERM", "SHORT_BREAK", "NOT_SURE"))
    with pytest.raises(SettingsError, match=r"care_types: SHORT_BREAK is none of SHORT_TERM, LONG_TERM"):
        make_app(council=dataclasses.replace(COUNCIL, fostering=team))


@pytest.mark.parametrize(("closes", "words"), [("17:00", "5pm"), ("16:30", "4:30pm")])
def test_whoever_asks_is_told_from_when_the_working_days_count(make_app, make_client, closes, words):
    team = dataclasses.replace(COUNCIL.fostering, closes=closes)
    visitor = make_client(make_app(council=dataclasses.replace(COUNCIL, fostering=team)))
    for page in ("/fostering", "/fostering/enquire/"):
        text = visitor.get(page).page.main.text
        assert "within 1 working day. What comes after" in text
        assert f"What comes after {words}, or on a day when we are closed, counts from the next" in text
