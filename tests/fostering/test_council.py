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
