"""The public pages: the list and one advert. No session, cookie or token, so that they can be kept."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import public
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.kept_facts import kept_until_published
from portal.core.page_cache import cached_page, do_not_keep, valid_until
from portal.vacancies.advert import advert_of
from portal.vacancies.queries import vacancy_by_slug
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.listing import listing_of, way_back_of
from portal.vacancies.search.queries import search_vacancies
from portal.vacancies.wording import next_midnight

vacancies = Blueprint("vacancies", __name__)


@vacancies.get("/vacancies")
@public
@cached_page
def index() -> ResponseReturnValue:
    """Open adverts, narrowed and ordered by the address."""
    at = clock.now()
    page = search_vacancies(read(), Filters.from_arguments(request.args), at, kept_until_published)
    valid_until(page.changes_at)
    return render_template("vacancies/index.html", listing=listing_of(page, url_for("vacancies.index"), at))


@vacancies.get("/vacancies/<slug:slug>")
@public
@cached_page
def show(slug: str) -> ResponseReturnValue:
    """One advert; a closed one stays readable, and out of search engines.

    The query string is the list it was found in (docs/decisions/0009): true for few, so not kept.
    """
    at = clock.now()
    vacancy = vacancy_by_slug(read(), slug, at)
    if vacancy is None:
        raise NotFound
    if request.query_string:
        do_not_keep()
    back = way_back_of(Filters.from_arguments(request.args), url_for("vacancies.index"))
    advert = advert_of(vacancy, at)
    response = make_response(
        render_template("vacancies/show.html", advert=advert, vacancy=vacancy, back=back)
    )
    if advert.is_open:
        valid_until(vacancy.closes_at)
        valid_until(next_midnight(at))
    else:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
