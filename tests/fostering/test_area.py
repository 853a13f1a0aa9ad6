"""Areas from postcodes, against the hand-checked cases and against every row of the derived tables."""

import csv

import pytest

from portal.fostering import area
from portal.fostering.area import DATA, place_of
from portal.fostering.options import Area, AreaConfidence

UNITS = ("AA", "BQ", "ZZ")


def rows(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("postcode", "expected", "confidence", "authority"),
    [
        ("SO16 0XX", Area.HANTS, AreaConfidence.UNIT, "Test Valley"),
        ("SO16 7AA", Area.SOTON, AreaConfidence.UNIT, "Southampton"),
        ("so147ly", Area.SOTON, AreaConfidence.UNIT, "Southampton"),
        ("SO18 3ZZ", Area.SOTON, AreaConfidence.PROBABLE, None),  # most of this sector is Eastleigh
        ("PO1 2AB", Area.PORTS, AreaConfidence.DISTRICT, "Portsmouth"),
        ("PO30 1UD", Area.IOW, AreaConfidence.DISTRICT, "Isle of Wight"),
        ("SO23 8UJ", Area.HANTS, AreaConfidence.DISTRICT, "Winchester"),
        ("SO50 5PN", Area.HANTS, AreaConfidence.DISTRICT, None),  # three councils share SO50
        ("BH24 2AA", Area.OTHER, AreaConfidence.PROBABLE, None),
        ("BH24 1AA", Area.HANTS, AreaConfidence.SECTOR, None),
        ("GU12 5AA", Area.OTHER, AreaConfidence.SECTOR, None),
        ("RG20 1AA", Area.OTHER, AreaConfidence.PROBABLE, None),  # a sector that the table does not know
        ("SW1A 1AA", Area.OTHER, AreaConfidence.DISTRICT, None),
        ("GIR 0AA", Area.OTHER, AreaConfidence.DISTRICT, None),
        ("SO15 2IK", Area.UNKNOWN, AreaConfidence.NONE, None),
        ("", Area.UNKNOWN, AreaConfidence.NONE, None),
        (None, Area.UNKNOWN, AreaConfidence.NONE, None),
    ],
)
def test_hand_checked_cases(postcode, expected, confidence, authority):
    place = place_of(postcode)
    assert (place.area, place.confidence, place.local_authority) == (expected, confidence, authority)


def test_a_unit_of_so16_7_that_is_not_listed_is_southampton():
    listed = {row["postcode"] for row in rows("so14_19_units_not_southampton_2025-10.csv")}
    assert "SO16 7AA" not in listed


def test_every_listed_exception_is_hampshire_and_names_its_council():
    listed = rows("so14_19_units_not_southampton_2025-10.csv")
    assert len(listed) == 322
    for row in listed:
        place = place_of(row["postcode"])
        assert (place.area, place.confidence) == (Area.HANTS, AreaConfidence.UNIT)
        assert place.local_authority == row["local_authority"]


def test_every_row_of_the_sector_table_outside_the_city():
    table = [
        row
        for row in rows("postcode_sectors_mixed_2025-10.csv")
        if row["sector"].split()[0] not in area.CITY_DISTRICTS
    ]
    assert len(table) == 155 - 25
    for row in table:
        parts = [
            int(row[name])
            for name in ("southampton", "hampshire_cc", "portsmouth", "isle_of_wight", "other_la")
        ]
        pure = max(parts) == sum(parts)
        for unit in UNITS:
            place = place_of(row["sector"] + unit)
            assert place.area == row["majority_category"]
            assert place.confidence is (AreaConfidence.SECTOR if pure else AreaConfidence.PROBABLE)


def test_every_row_of_the_district_table():
    table = rows("postcode_districts_hampshire_2025-10.csv")
    known_sectors = {row["sector"] for row in rows("postcode_sectors_mixed_2025-10.csv")}
    assert len(table) == 93
    for row in table:
        sector = next(
            s for s in (f"{row['district']} {digit}" for digit in range(9, -1, -1)) if s not in known_sectors
        )
        place = place_of(f"{sector}QQ")
        assert place.area == row["majority_category"]
        assert place.district == row["district"]
        assert place.confidence is not AreaConfidence.NONE


def test_every_district_of_the_table_belongs_to_what_most_of_it_is():
    columns = {
        "SOTON": "southampton",
        "HANTS": "hampshire_cc",
        "PORTS": "portsmouth",
        "IOW": "isle_of_wight",
        "OTHER": "other_la",
    }
    for row in rows("postcode_districts_hampshire_2025-10.csv"):
        assert int(row[columns[row["majority_category"]]]) * 2 >= int(row["live_units"])


def test_the_tables_are_read_once():
    area.tables.cache_clear()
    place_of("PO1 2AB")
    place_of("PO2 2AB")
    assert area.tables.cache_info().misses == 1


def test_the_licences_attribution_names_all_three_owners():
    for owner in ("Crown copyright", "Royal Mail", "National Statistics"):
        assert owner in area.ATTRIBUTION
