"""Feeds of any search, and the dates of an advert: the same for everybody, kept in memory like pages."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import calendar_entry, clock
from portal.core.access import public
from portal.core.context import current_settings
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.kept_facts import kept_until_published
from portal.core.page_cache import cached_page, valid_until
from portal.vacancies.feeds import atom, calendar, json_feed
from portal.vacancies.feeds.queries import ENTRIES, FeedPage, feed_page
from portal.vacancies.feeds.site import this_site
from portal.vacancies.feeds.wording import LICENCE, LICENCE_URL
from portal.vacancies.queries import vacancy_by_slug
from portal.vacancies.search.filters import Filters

feeds = Blueprint("vacancy_feeds", __name__)


@feeds.get(atom.PATH)
@public
@cached_page
def atom_feed() -> ResponseReturnValue:
    """The newest open adverts of a search, as Atom."""
    body = atom.atom_feed(page(clock.now()), this_site(current_settings()))
    return Response(body, mimetype=atom.MEDIA_TYPE)


@feeds.get(json_feed.PATH)
@public
@cached_page
def json() -> ResponseReturnValue:
    """The same as JSON Feed."""
    body = json_feed.json_feed(page(clock.now()), this_site(current_settings()))
    return Response(body, mimetype=json_feed.MEDIA_TYPE)


def page(at: datetime) -> FeedPage:
    """The page of the feed that the address asks for."""
    found = feed_page(read(), Filters.from_arguments(request.args), at, kept_until_published)
    valid_until(found.changes_at)
    return found


@feeds.get("/vacancies/<slug:slug>.ics")
@public
@cached_page
def dates(slug: str) -> ResponseReturnValue:
    """When an advert closes and when its interviews are; also of one that has closed or was cancelled."""
    at = clock.now()
    vacancy = vacancy_by_slug(read(), slug, at)
    if vacancy is None:
        raise NotFound
    if vacancy.is_open(at):
        valid_until(vacancy.closes_at)
    body = calendar.calendar_of(vacancy, this_site(current_settings()))
    return Response(body, content_type=f"{calendar_entry.MEDIA_TYPE}; charset=utf-8")


@feeds.get("/vacancies-feeds")
@public
@cached_page
def about() -> ResponseReturnValue:
    """What the feeds are, and what every field of the JSON means."""
    return render_template(
        "vacancies/feeds.html",
        entries=ENTRIES,
        fields=json_feed.FIELDS,
        licence=LICENCE,
        licence_url=LICENCE_URL,
    )
