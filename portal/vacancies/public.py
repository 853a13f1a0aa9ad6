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
from portal.vacancies.drawn import drawn_advert
from portal.vacancies.feeds.site import address_of
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.listing import listing_of, way_back_of
from portal.vacancies.search.queries import search_vacancies

vacancies = Blueprint("vacancies", __name__)


@vacancies.get("/vacancies")
@public
@cached_page
def index() -> ResponseReturnValue:
    """Open adverts, narrowed and ordered by the address."""
    at = clock.now()
    page = search_vacancies(read(), Filters.from_arguments(request.args), at, kept_until_published)
    valid_until(page.changes_at)
    return render_template(
        "vacancies/index.html",
        listing=listing_of(page, url_for("vacancies.index"), at),
        own_query=address_of(page.asked, page.filters.page),
    )


@vacancies.get("/vacancies/<slug:slug>")
@public
@cached_page
def show(slug: str) -> ResponseReturnValue:
    """One advert; a closed one stays readable, and out of search engines.

    The query string is the list it was found in (docs/decisions/0009): true for few, so not kept.
    """
    drawn = drawn_advert(slug)
    if drawn is None:
        raise NotFound
    if request.query_string:
        do_not_keep()
    filters = Filters.from_arguments(request.args)
    response = make_response(
        render_template(
            "vacancies/show.html",
            drawn=drawn,
            back=way_back_of(filters, url_for("vacancies.index")),
            feed_query=address_of(filters),
        )
    )
    if not drawn.is_open:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
