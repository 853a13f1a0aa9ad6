"""The public pages in a browser: front page, search, advert, statements, and what is not there."""

from __future__ import annotations

import re

from tests.e2e.conftest import Start
from tests.support.live import Live


def test_from_the_front_page_to_an_advert(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        walk.open("/")
        walk.follow(re.compile("Social work", re.IGNORECASE))
        assert "/vacancies" in walk.page.url
        first = walk.page.get_by_role("main").locator('a[href^="/vacancies/"]').first
        walk.follow(first.inner_text().strip())
        assert walk.page.url.rsplit("/", 1)[0].endswith("/vacancies")
        walk.open("/vacancies?q=psychologist&sort=salary")
        walk.open("/vacancies?q=there+is+no+such+word")
        walk.open("/vacancies?salary_from=abc&page=²&family=nothing")


def test_statements_and_pages_that_are_not_there(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        for path in ("/accessibility", "/privacy", "/cookies"):
            walk.open(path)
        walk.open("/vacancies/no-such-post", status=404)
        walk.open("/nothing-here", status=404)
