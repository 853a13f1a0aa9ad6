"""From a postcode to the area the service counts it in, without asking anybody outside.

Tables derived from OS Code-Point Open, October 2025 (domain §9, with the measured accuracy: Southampton
100 %, all seven postcode areas 99.3 %). They lie in `data/` and are read once, on first use. To refresh
them once a year see docs/areas.md. Names and sets are data because councils are being reorganised.
The licence's words are in ATTRIBUTION.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.core.postcodes import normalise_postcode
from portal.fostering.options import Area, AreaConfidence

DATA = Path(__file__).with_name("data")
ATTRIBUTION = (
    "Contains OS data © Crown copyright and database right 2025; "
    "contains Royal Mail data © Royal Mail copyright and database right 2025; "
    "contains National Statistics data © Crown copyright and database right 2025."
)
"""What the licence of the tables asks to be shown where they are used."""

CITY_DISTRICTS = frozenset({"SO14", "SO15", "SO16", "SO17", "SO18", "SO19"})
"""Southampton's districts, where the exceptions are known postcode by postcode."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a postcode tells: area, how surely, the district and, where it is certain, the council."""

    area: Area
    confidence: AreaConfidence
    district: str | None = None
    local_authority: str | None = None


UNKNOWN = Place(Area.UNKNOWN, AreaConfidence.NONE)


@dataclass(frozen=True, slots=True)
class District:
    """One row of the district table: the larger part's area, and the councils that share it."""

    area: Area
    authorities: tuple[str, ...]
    pure: bool


@dataclass(frozen=True, slots=True)
class Sector:
    """One row of the sector table: the larger part's area, and whether there is another part."""

    area: Area
    pure: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """The three derived tables."""

    districts: dict[str, District]
    sectors: dict[str, Sector]
    exceptions: dict[str, str]
    """Postcodes of the city's districts that lie outside it → their council."""


@cache
def tables() -> Tables:
    """The tables, read from their files when first asked for."""
    districts = {row["district"]: _district(row) for row in _rows("postcode_districts_hampshire_2025-10.csv")}
    sectors = {
        row["sector"]: Sector(_area(row), _pure(row)) for row in _rows("postcode_sectors_mixed_2025-10.csv")
    }
    exceptions = _rows("so14_19_units_not_southampton_2025-10.csv")
    return Tables(districts, sectors, {row["postcode"]: row["local_authority"] for row in exceptions})


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _area(row: dict[str, str]) -> Area:
    return Area(row["majority_category"])


def _pure(row: dict[str, str]) -> bool:
    parts = ("southampton", "hampshire_cc", "portsmouth", "isle_of_wight", "other_la")
    return max(int(row[part]) for part in parts) == int(row["live_units"])


def _district(row: dict[str, str]) -> District:
    authorities = tuple(share.split("=")[0].strip() for share in row["local_authorities"].split(";"))
    return District(_area(row), authorities, _pure(row))


def place_of(postcode: str | None) -> Place:
    """The place of a postcode in its usual form; of none or of one with the wrong shape, UNKNOWN."""
    normal = normalise_postcode(postcode) if postcode else None
    if normal is None:
        return UNKNOWN
    district, sector = normal[:-4], normal[:-2]
    if district in CITY_DISTRICTS:
        return _city_place(normal, district, sector)
    row = tables().districts.get(district)
    if row is None:
        return Place(Area.OTHER, AreaConfidence.DISTRICT, district)
    authority = row.authorities[0] if len(row.authorities) == 1 else None
    if sector in tables().sectors:
        part = tables().sectors[sector]
        confidence = AreaConfidence.SECTOR if part.pure else AreaConfidence.PROBABLE
        return Place(part.area, confidence, district, authority)
    return Place(
        row.area, AreaConfidence.DISTRICT if row.pure else AreaConfidence.PROBABLE, district, authority
    )


def _city_place(postcode: str, district: str, sector: str) -> Place:
    """Inside the city's districts: outside when listed, else Southampton.

    Where most of a sector lies outside, a postcode that is not listed may be newer than the list.
    """
    authority = tables().exceptions.get(postcode)
    if authority is not None:
        return Place(Area.HANTS, AreaConfidence.UNIT, district, authority)
    mostly = tables().sectors.get(sector)
    sure = mostly is None or mostly.area is Area.SOTON
    confidence = AreaConfidence.UNIT if sure else AreaConfidence.PROBABLE
    return Place(Area.SOTON, confidence, district, "Southampton" if sure else None)
