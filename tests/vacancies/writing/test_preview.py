"""The preview: the public page at any time, with what is missing marked, and hostile texts harmless."""

from __future__ import annotations

import pytest

from portal.core import clock
from portal.core.database import Database
from portal.core.markdown import render_markdown
from tests.support.client import JudgingClient
from tests.vacancies.writing.pages import ENTRIES, begin, fill, pages, prefix, send, whole
from tests.vacancies.writing.samples import make_ready


def address(reference: str) -> str:
    return f"/staff/vacancies/{reference}/preview"


def test_an_empty_advert_shows_what_is_missing_and_no_stand_in(hr: JudgingClient) -> None:
    reference = begin(hr)
    answer = hr.get(address(reference))
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.page.main.text
    assert "Job title is missing" in answer.page.h1
    for stand_in in ("£0", "37 hours", "Permanent", "Social work ·", "28 days left", "You do not need a car"):
        assert stand_in not in text, stand_in
    assert "Preview: only staff see this" in answer.text
    assert "Still missing: Job title, Kind of post" in answer.text
    assert "a time that is missing" in text


def test_every_half_of_an_advert_can_be_looked_at(hr: JudgingClient) -> None:
    reference = begin(hr)
    for slug, answers in whole(hr):
        for entry in ENTRIES.get(slug, ()):
            hr.post_form(f"{prefix(reference)}/{slug}/add", entry)
        hr.post_form(f"{prefix(reference)}/{slug}", answers)
        assert hr.get(address(reference)).status_code == 200, slug
    answer = hr.get(address(reference))
    assert "Still missing" not in answer.text
    text = answer.page.main.text
    for words in (
        pages()["title"]["title"],
        "£38,220",
        "16",
        "Direct work with children and families",
        "£3,000",
    ):
        assert words in text


def test_it_looks_as_the_public_will_see_it(hr: JudgingClient, db: Database) -> None:
    with db.transaction() as session:
        past = clock.now()
        vacancy = make_ready(session, past, submitted_at=past, approved_at=past, publish_at=past)
        reference, slug = vacancy.reference, vacancy.slug
    preview = hr.get(address(reference)).page.main.text
    public = hr.get(f"/vacancies/{slug}").page.main.text
    assert public.partition("Similar")[0].split()[:200] == preview.split()[:200]


def test_the_sent_version_can_be_seen_beside_the_writing(hr: JudgingClient) -> None:
    reference = begin(hr)
    fill(hr, reference)
    assert send(hr, reference).status_code == 303
    answer = hr.get(address(reference))
    assert "As it was last sent" in answer.text


NO_TEXT = ("postcode", "contact_phone", "hr_post_number")

HOSTILE = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1)) <a href='javascript:alert(1)'>y</a>",
    "![pixel](https://evil.example/pixel.gif)",
    "<img src=x onerror=alert(1)>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<iframe src='https://evil.example'></iframe>",
    '[x](https://example.org "onmouseover=alert(1)")',
    "<style>body{display:none}</style>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_shown_as_words_or_not_at_all(text: str) -> None:
    html = str(render_markdown(text)).casefold()
    for part in (
        "<script",
        'href="javascript',
        'href="data:',
        "<img",
        "<iframe",
        "<style",
        'onerror="',
        'onmouseover="',
    ):
        assert part not in html


def test_headings_stay_below_those_of_the_page() -> None:
    html = str(render_markdown("# One\n\n## Two\n\n###### Six\n\nUnder\n====="))
    assert "<h1" not in html
    assert "<h2" not in html
    assert html.count("<h3") == 3
    assert html.count("<h4") == 1


def test_bullets_from_a_word_processor_make_a_list() -> None:
    html = str(
        render_markdown("You will:\n•\tlisten\n· \u00a0 write\no\tclearly\n\uf0b7 act\n\nTea 3 · 4, o no")
    )
    assert html.count("<li>") == 4
    assert html.count("<ul") == 2  # the outlined bullet stands below “write”
    assert "•" not in html
    assert '<p class="govuk-body">Tea 3 · 4, o no</p>' in html


def test_a_hundred_kilobytes_of_nesting_are_drawn_in_time() -> None:
    for text in ("> " * 50_000, "[" * 100_000, "*a " * 33_000, "- " * 50_000, "•\t" * 50_000, "`" * 100_000):
        assert render_markdown(text) is not None


def test_script_in_every_text_harms_no_page(hr: JudgingClient) -> None:
    reference = begin(hr)
    evil = "<script>alert(1)</script>"
    for slug, answers in whole(hr):
        typed = {
            name: evil if isinstance(value, str) and " " in value and name not in NO_TEXT else value
            for name, value in answers.items()
        }
        for entry in ENTRIES.get(slug, ()):
            hr.post_form(f"{prefix(reference)}/{slug}/add", entry)
        hr.post_form(f"{prefix(reference)}/{slug}", typed)
    for page in (address(reference), f"{prefix(reference)}/", f"{prefix(reference)}/check-answers"):
        assert "<script>alert" not in hr.get(page).text
    assert send(hr, reference).status_code in (303, 422)


def test_names_in_any_script_come_back_as_they_were(hr: JudgingClient) -> None:
    reference = begin(hr)
    name = "Нгуєн Thị Ánh, مُنى"
    hr.post_form(
        f"{prefix(reference)}/contact",
        {"contact_name": name, "contact_email": "sam@example.org", "contact_phone": "01632 960 024"},
    )
    assert name in hr.get(address(reference)).page.main.text


def test_ten_thousand_criteria_in_one_form_are_refused_politely(hr: JudgingClient) -> None:
    reference = begin(hr)
    token = hr.get(f"{prefix(reference)}/criteria/add").page.first("input", name="csrf_token")["value"]
    body = {f"wording-{number}": "x" for number in range(10_000)}
    answer = hr.post(
        f"{prefix(reference)}/criteria/add",
        data={**body, "csrf_token": token, "form_end": "1"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code in (413, 422)
    assert hr.get(f"{prefix(reference)}/criteria").status_code == 200
