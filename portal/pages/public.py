"""The landing page, the statements, and the files that machines look for."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import public
from portal.core.context import current_settings
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.kept_facts import kept_until_published
from portal.core.page_cache import cached_page, valid_until
from portal.pages.landing import landing_of
from portal.vacancies.queries import next_change_at, number_of_open, open_addresses

pages = Blueprint("pages", __name__)

FIXED_PAGES = (
    "/",
    "/vacancies",
    "/fostering",
    "/fostering/events",
    "/vacancies-feeds",
    "/accessibility",
    "/privacy",
    "/cookies",
)

SITEMAP_ADVERTS = 1_000
"""Adverts in one list: the standard allows 50,000 addresses, but such a list could not be kept in memory."""
SITEMAP_PARTS = 50_000
"""Lists that an index may name."""


@pages.get("/")
@public
@cached_page
def landing() -> ResponseReturnValue:
    """What inspectors found, then the two doors: work here, foster."""
    shown = kept_until_published("pages.landing", landing_of)
    return render_template(
        "pages/landing.html",
        inspection=shown.inspection,
        previous=shown.previous,
        voices=shown.voices,
        families=shown.families,
        open_total=shown.open_total,
    )


@pages.get("/accessibility")
@public
@cached_page
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render_template("pages/accessibility.html")


@pages.get("/privacy")
@public
@cached_page
def privacy() -> ResponseReturnValue:
    """The privacy notice."""
    return render_template("pages/privacy.html", draft_minutes=current_settings().draft_minutes)


@pages.get("/cookies")
@public
@cached_page
def cookies() -> ResponseReturnValue:
    """The one cookie there is, under the name this installation gives it."""
    return render_template("pages/cookies.html", cookie=current_app.config["SESSION_COOKIE_NAME"])


@pages.get("/robots.txt")
@public
@cached_page
def robots() -> ResponseReturnValue:
    """What search engines may leave out; private pages are protected by more than this."""
    return Response(render_template("pages/robots.txt"), mimetype="text/plain")


@pages.get("/sitemap.xml")
@public
@cached_page
def sitemap() -> ResponseReturnValue:
    """Every page worth finding: the fixed ones and the open adverts, or the lists of very many."""
    at, session = clock.now(), read()
    valid_until(next_change_at(session, at))
    number = number_of_open(session, at)
    if number > SITEMAP_ADVERTS:
        parts = range(1, -(-number // SITEMAP_ADVERTS) + 1)
        return xml(render_template("pages/sitemap_index.xml", parts=parts))
    adverts = open_addresses(session, at, skipped=0, most=SITEMAP_ADVERTS)
    return xml(render_template("pages/sitemap.xml", fixed=FIXED_PAGES, adverts=adverts))


@pages.get("/sitemap-<number:part>.xml")
@public
@cached_page
def sitemap_part(part: int) -> ResponseReturnValue:
    """One list of many; the first also has the fixed pages."""
    at, session = clock.now(), read()
    valid_until(next_change_at(session, at))
    skipped = (min(part, SITEMAP_PARTS) - 1) * SITEMAP_ADVERTS
    adverts = open_addresses(session, at, skipped=skipped, most=SITEMAP_ADVERTS)
    if part > SITEMAP_PARTS or not (adverts or part == 1):
        raise NotFound
    fixed = FIXED_PAGES if part == 1 else ()
    return xml(render_template("pages/sitemap.xml", fixed=fixed, adverts=adverts))


def xml(text: str) -> Response:
    """A document for machines."""
    return Response(text, mimetype="application/xml")


@pages.get("/.well-known/security.txt")
@public
@cached_page
def security_txt() -> ResponseReturnValue:
    """Whom to tell about a weakness (RFC 9116): always in force, for less than a year."""
    security = current_settings().council.security
    expires = clock.now().replace(microsecond=0) + timedelta(days=security.expires_days)
    body = render_template("pages/security.txt", security=security, expires=expires)
    return Response(body, mimetype="text/plain")
