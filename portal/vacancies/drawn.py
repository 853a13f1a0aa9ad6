"""What everybody reads of one advert, drawn once and kept while it is open.

An advert is opened from many lists, each time with the search in its address: pages that are not worth
keeping (`do_not_keep`). All but the way back is the same in each of them.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import NamedTuple

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.core.context import current_settings
from portal.core.kept_facts import Fact, kept_until_published
from portal.vacancies.advert import advert_of
from portal.vacancies.feeds.job_posting import job_posting
from portal.vacancies.feeds.site import this_site
from portal.vacancies.queries import Published, published_advert
from portal.vacancies.similar import Similar, similar_vacancies
from portal.vacancies.wording import next_midnight


class Drawn(NamedTuple):
    """An advert without the frame of its page."""

    is_open: bool
    title: str
    head: Markup
    content: Markup


def drawn_advert(slug: str) -> Drawn | None:
    """The advert of this address; None for what the public may not read."""
    return kept_until_published(("vacancies.advert", slug), partial(drawn_now, slug))


def drawn_now(slug: str, session: Session, at: datetime) -> Fact[Drawn | None]:
    """Two statements. What is not open is not kept: there are years of it, and addresses of nothing."""
    found = published_advert(session, slug, at)
    if found is None:
        return Fact(None, keep=False)
    vacancy = found.vacancy
    similar = similar_vacancies(session, vacancy, at)
    ends = [other.closes_at for other in similar]
    is_open = vacancy.is_open(at)
    if is_open and vacancy.closes_at is not None:
        ends += [vacancy.closes_at, next_midnight(at)]
    return Fact(draw(found, similar, at), until=min(ends, default=None), keep=is_open)


def draw(found: Published, similar: list[Similar], at: datetime) -> Drawn:
    """Its parts as they read at this moment."""
    vacancy = found.vacancy
    head = render_template(
        "vacancies/_head.html",
        vacancy=vacancy,
        posting=job_posting(vacancy, found.criteria, this_site(current_settings()), at),
    )
    content = render_template(
        "vacancies/_advert.html",
        vacancy=vacancy,
        advert=advert_of(vacancy, at, found.criteria, found.evidence, similar),
    )
    return Drawn(vacancy.is_open(at), vacancy.title, *map(Markup, (head, content)))
