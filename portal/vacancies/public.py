"""The public pages: the list and one advert. No session, cookie or token, so that they can be kept."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import public
from portal.core.context import current_settings
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.kept_facts import Fact, kept_until_published
from portal.core.page_cache import cached_page, do_not_keep, valid_until
from portal.vacancies.advert import advert_of
from portal.vacancies.feeds.job_posting import job_posting
from portal.vacancies.feeds.site import address_of, this_site
from portal.vacancies.models import Vacancy
from portal.vacancies.queries import Published, published_advert
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.listing import listing_of, way_back_of
from portal.vacancies.search.queries import search_vacancies
from portal.vacancies.similar import Similar, similar_vacancies
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
    at = clock.now()
    found = published_advert(read(), slug, at)
    if found is None:
        raise NotFound
    if request.query_string:
        do_not_keep()
    response = make_response(draw(found, Filters.from_arguments(request.args), at))
    if found.vacancy.is_open(at):
        valid_until(found.vacancy.closes_at)
        valid_until(next_midnight(at))
    else:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def draw(found: Published, filters: Filters, at: datetime) -> str:
    """The page of an advert that was found in the list with these filters."""
    vacancy = found.vacancy
    similar = kept_until_published(("vacancies.similar", vacancy.id), partial(like, vacancy))
    return render_template(
        "vacancies/show.html",
        advert=advert_of(vacancy, at, found.criteria, found.evidence, similar),
        vacancy=vacancy,
        back=way_back_of(filters, url_for("vacancies.index")),
        posting=job_posting(vacancy, found.criteria, this_site(current_settings()), at),
        feed_query=address_of(filters),
    )


def like(vacancy: Vacancy, session: Session, at: datetime) -> Fact[list[Similar]]:
    """What is similar, until the first of it closes."""
    found = similar_vacancies(session, vacancy, at)
    return Fact(found, min((other.closes_at for other in found), default=None))
