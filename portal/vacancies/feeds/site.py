"""Where and whose the site is, for what is read elsewhere; and ids that outlive addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from portal.council import Council
from portal.settings import Settings
from portal.vacancies.models import Vacancy
from portal.vacancies.search.filters import Filters

SINCE = "2026"
"""The year in the ids: any in which the council held the domain of its website (RFC 4151). Never changed."""


@dataclass(frozen=True, slots=True)
class Site:
    """The portal as other programs know it."""

    base_url: str
    council: Council

    @property
    def authority(self) -> str:
        """The council's own domain, which stays when the portal moves to another address."""
        return urlsplit(self.council.website).hostname or "localhost"

    def tag(self, name: str) -> str:
        """A permanent id (RFC 4151) for a thing with this name."""
        return f"tag:{self.authority},{SINCE}:{name}"

    def address(self, path: str) -> str:
        """The whole address of one of our pages."""
        return self.base_url + path

    def advert(self, slug: str) -> str:
        """The whole address of an advert."""
        return self.address(f"/vacancies/{slug}")


def this_site(settings: Settings) -> Site:
    """The site with these settings."""
    return Site(settings.base_url, settings.council)


def for_feed(filters: Filters, page: int = 1) -> Filters:
    """The same search as feeds have it: always the newest first."""
    return replace(filters, sort=None, page=page)


def address_of(filters: Filters, page: int = 1) -> str:
    """The query string of a search whatever its order: what feeds and search engines know it by."""
    return for_feed(filters, page).query()


def uid_of(site: Site, vacancy: Vacancy, what: str) -> str:
    """The permanent id of a date of a vacancy in calendars (RFC 7986: no address, nobody's name)."""
    return f"{vacancy.reference}-{what}@{site.authority}".lower()
