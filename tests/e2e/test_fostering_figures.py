"""The fostering team’s figures, board, lists, cover and keeping in a browser, each form left empty once."""

from __future__ import annotations

import re

from tests.e2e.adverts import go, said
from tests.e2e.test_staff import sign_in
from tests.support.live import Live
from tests.support.walk import Walk
from tests.vacancies.writing.pages import in_days, on

FIGURES = "/staff/reports/fostering"
QUEUE = "/staff/fostering"
PEOPLE = (("person", 1), ("cover", 2))
"""The fields of a cover, and which of their options: two people."""


def first_of_queue(walk: Walk, **filters: str) -> str:
    """The address of the household that stands first."""
    walk.open(f"{QUEUE}?" + "&".join(f"{name}={value}" for name, value in filters.items()))
    link = walk.page.get_by_role("main").locator(f'a[href^="{QUEUE}/FOS"]').first
    return str(link.get_attribute("href")).partition("?")[0]


def read_figures(walk: Walk) -> None:
    """From the charts to the references behind a number."""
    walk.open(FIGURES)
    assert walk.page.locator("svg:visible").count() >= 5
    walk.follow("By month")
    walk.follow("Ofsted helper")
    walk.follow(re.compile("references behind it$"))
    assert "behind it" in said(walk)
    walk.follow("Back to the figures")


def export_figures(walk: Walk) -> None:
    """Nothing chosen, then a file."""
    walk.follow("Export")
    walk.press("Export", status=422)
    walk.answer({"content": "ofsted", "file_format": "csv", "purpose": "RETURN"})
    with walk.page.expect_download() as download:
        walk.page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename.endswith(".csv")


def test_a_fostering_manager_reads_figures_and_changes_what_is_counted(
    hr_walk: Walk, first_look_portal: Live
) -> None:
    walk = hr_walk
    sign_in(walk, first_look_portal, "fostering_manager")
    read_figures(walk)
    walk.follow("Counting rules")
    go(walk, "Change the rules")
    walk.press("Save the rules", status=422)
    walk.answer({"reason": "As the guidance says\nfor this year"})
    walk.page.locator('[name="excluded"]').first.click()
    walk.press("Save the rules")
    assert "As the guidance says" in said(walk)
    export_figures(walk)


def test_a_fostering_analyst_reads_figures_and_no_household(hr_walk: Walk, first_look_portal: Live) -> None:
    walk = hr_walk
    sign_in(walk, first_look_portal, "fostering_analyst")
    read_figures(walk)
    walk.open(f"{FIGURES}/ofsted/behind")
    assert walk.page.get_by_role("main").locator(f'a[href^="{QUEUE}/FOS"]').count() == 0
    walk.open(f"{FIGURES}/rules")
    walk.open(f"{FIGURES}/rules/change", status=403)
    walk.open(FIGURES)
    export_figures(walk)
    walk.open(QUEUE, status=403)


def test_a_fostering_manager_keeps_lists_and_says_who_is_away(hr_walk: Walk, first_look_portal: Live) -> None:
    walk, name = hr_walk, f"Late in {hr_walk.size}"
    sign_in(walk, first_look_portal, "fostering_manager")
    walk.open(f"{QUEUE}/board")
    walk.open(f"{QUEUE}?due=overdue")
    walk.follow(re.compile("^Keep this list"))
    walk.press("Keep this list", status=422)
    walk.answer({"name": name})
    walk.press("Keep this list")
    walk.open(f"{QUEUE}/lists")
    walk.follow(name)
    walk.open(f"{QUEUE}/lists")
    walk.press(re.compile("^Delete"))
    walk.open(f"{QUEUE}/cover")
    walk.press("Save", status=422)
    people = [walk.page.locator(f"[name={field}] option").nth(place) for field, place in PEOPLE]
    away, covers = (str(option.get_attribute("value")) for option in people)
    days = {**on("first_day", in_days(2)), **on("last_day", in_days(9))}
    walk.answer({"person": away, "cover": covers, **days})
    walk.press("Save")
    walk.open(f"{QUEUE}/cover")
    walk.press(re.compile("^End"))
    assert "Nobody is away" in said(walk)


def test_a_fostering_manager_keeps_one_record_longer_and_erases_another(
    hr_walk: Walk, first_look_portal: Live
) -> None:
    walk = hr_walk
    sign_in(walk, first_look_portal, "fostering_manager")
    walk.open(f"{QUEUE}/keeping")
    home = first_of_queue(walk)
    walk.open(f"{home}/hold")
    walk.press("Keep this record", status=422)
    reason = walk.page.locator("[name=reason]").first.get_attribute("value") or ""
    walk.answer({"reason": reason, **on("review_on", in_days(30))})
    walk.press("Keep this record")
    walk.open(f"{QUEUE}/keeping")
    walk.follow(home.rpartition("/")[2])
    assert walk.h1 == "Kept beyond its time"
    walk.open(f"{home}/erase")
    assert walk.h1 == "This record cannot be erased now"
    walk.open(f"{home}/hold/end")
    walk.press("End it")
    closed = first_of_queue(walk, which="CLOSED")
    walk.open(f"{closed}/erase")
    walk.press("Erase this record now", status=422)
    walk.answer({"checked": "yes"})
    walk.press("Erase this record now")
    assert "The record was erased" in said(walk)
