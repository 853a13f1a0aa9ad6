"""Cleaning text at the edge."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text import ascii_digits, clean_line, clean_text, is_blank

anything = st.text(alphabet=st.characters(codec=None), max_size=200)

NAMES = [
    "Siân Llywelyn-Ŵyn",
    "Nguyễn Thị Ánh",
    "محمد‌رضا",  # with a zero-width non-joiner
    "क्‍ष",  # with a zero-width joiner
    "O’Connor",
    "Zoë",
    "李小龍",
    "אַבְרָהָם",
    "Ọlúwaṣeun",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script_survive_exactly(name: str) -> None:
    composed = unicodedata.normalize("NFC", name)
    assert clean_line(name) == composed
    assert clean_text(unicodedata.normalize("NFD", name)) == composed


@pytest.mark.parametrize("text", ["👩🏽‍🚒 and 👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "❤️", "☎︎"])
def test_emoji_survive(text: str) -> None:
    assert clean_text(text) == text


def test_line_breaks_become_one_kind() -> None:
    assert clean_text("one\r\ntwo\rthree\u2028four\x85five") == "one\ntwo\nthree\nfour\nfive"
    assert clean_line("one\r\ntwo\tthree") == "one two three"


@pytest.mark.parametrize(
    "hidden", ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\u202e", "\u2066", "\ud800", "\ufffe", "\ufeff"]
)
def test_what_no_database_or_page_should_meet_is_removed(hidden: str) -> None:
    assert clean_line(f"An{hidden}na") == "Anna"
    assert clean_text(f"An{hidden}na") == "Anna"


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\u200d\u200c", "\u3164", "\u2800\u00a0", "\u00ad", "\ufe0f", "\U000e0041"]
)
def test_what_cannot_be_seen_is_empty(text: str) -> None:
    assert is_blank(text)
    assert clean_line(text) == clean_text(text) == ""


@given(anything)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (clean_line, clean_text):
        once = clean(text)
        assert clean(once) == once


@given(anything)
def test_what_is_left_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in cleaned)
    assert "\n" not in clean_line(text)


@given(st.text(max_size=20))
def test_only_ascii_digits_are_digits(text: str) -> None:
    assert ascii_digits(text) == (bool(text) and set(text) <= set("0123456789"))
