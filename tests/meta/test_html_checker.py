"""The HTML checker itself; what it checks are the pages of the whole run (tests/support/html_at_end.py)."""

from __future__ import annotations

from tests.support.html_checker import Collection

HEAD = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A</title></head>'


def test_the_checker_finds_what_is_wrong() -> None:
    pages = Collection()
    pages.add(f"{HEAD}<body><h1>Good</h1></body></html>", "the good page")
    pages.add(f'{HEAD}<body><p id="a"><div id="b"></div></p></body></html>', "the bad page")
    found = pages.faults()
    assert found
    assert all(fault.startswith("the bad page") for fault in found)


def test_pages_built_alike_are_checked_once() -> None:
    pages = Collection()
    pages.add(f"{HEAD}<body><h1>One</h1></body></html>", "the first")
    pages.add(f"{HEAD}<body><h1>Two</h1></body></html>", "the second")
    assert len(pages.pages) == 1
