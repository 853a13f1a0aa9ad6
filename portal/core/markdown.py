"""Markdown that staff write, rendered and then sanitised: two well-kept libraries, one allow-list."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "h3", "h4", "a", "blockquote"}
SCHEMES = {"https", "http", "mailto", "tel"}

# Headings in an advert start below the page's own h2.
LEVELS = {"h1": "h3", "h2": "h3", "h3": "h4", "h5": "h4", "h6": "h4"}

# What a word processor puts on the clipboard for a list; outlined ones stand one level below the others.
PASTED_BULLET = re.compile(
    r"^[^\S\n]*(?:(?P<below>[◦○][^\S\n]*|o\t+)|[•·▪●■‣\uf0b7\uf0a7][^\S\n]*|–\t+)(?=\S)", re.MULTILINE
)

renderer = MarkdownIt("commonmark", {"html": False, "linkify": False})
renderer.disable("image")


@lru_cache(maxsize=512)
def render_markdown(text: str) -> Markup:
    """Safe HTML of a text in Markdown; raw HTML in it is shown as typed, links get no authority.

    Bullets as they are pasted from a word processor make a list, as their writer meant.
    """
    tokens = renderer.parse(PASTED_BULLET.sub(dashed, text))
    for token in tokens:
        token.tag = LEVELS.get(token.tag, token.tag)
        if token.type == "bullet_list_open":
            token.attrSet("class", "govuk-list govuk-list--bullet")
        elif token.type == "ordered_list_open":
            token.attrSet("class", "govuk-list govuk-list--number")
        elif token.type == "paragraph_open":
            token.attrSet("class", "govuk-body")
        elif token.type == "heading_open":
            token.attrSet("class", "govuk-heading-s")
    html = renderer.renderer.render(tokens, renderer.options, {})
    classed = {tag: {"class"} for tag in ("p", "ul", "ol", "h3", "h4")}
    clean = nh3.clean(html, tags=TAGS, attributes={**classed, "a": {"href"}}, url_schemes=SCHEMES)
    return Markup(clean)  # noqa: S704 - nh3 has just cleaned it


def dashed(bullet: re.Match[str]) -> str:
    """The same bullet as Markdown has it."""
    return "  - " if bullet["below"] else "- "
