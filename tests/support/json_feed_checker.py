"""Judges a JSON Feed by the text of version 1.1 (jsonfeed.org), not by how ours is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.support.atom_checker import RFC3339

VERSION = "https://jsonfeed.org/version/1.1"
FEED = {
    *("version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon"),
    *("favicon", "authors", "author", "language", "expired", "hubs", "items"),
}
ITEM = {
    *("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image"),
    *("banner_image", "date_published", "date_modified", "authors", "author", "tags", "language"),
    "attachments",
}
STRINGS = ("title", "summary", "content_text", "content_html", "language", "description")
ADDRESSES = ("home_page_url", "feed_url", "next_url", "url", "external_url")


def judge_json_feed(document: bytes) -> list[str]:
    """Everything wrong with a feed."""
    try:
        feed = json.loads(document.decode("utf-8"))
    except ValueError as error:
        return [f"no JSON in UTF-8: {error}"]
    if not isinstance(feed, dict):
        return ["the document is no object"]
    return [*of_feed(feed), *of_items(feed.get("items"))]


def of_feed(feed: dict[str, Any]) -> Iterator[str]:
    """The required names of the feed, and no name that is neither known nor an extension."""
    if feed.get("version") != VERSION:
        yield f"version {feed.get('version')!r}"
    if not feed.get("title"):
        yield "no title"
    if "author" in feed:
        yield "author is deprecated: authors"
    yield from names("the feed", feed, FEED)
    yield from values("the feed", feed)
    for author in feed.get("authors", []):
        if not {"name", "url", "avatar"} & author.keys():
            yield "an author without anything"
    if feed.get("next_url") and feed.get("next_url") == feed.get("feed_url"):
        yield "next_url is this page itself"


def of_items(items: Any) -> Iterator[str]:
    """Each item has a unique id, a string, and content; the list is there even when it is empty."""
    if not isinstance(items, list):
        yield "items is no list"
        return
    seen: set[str] = set()
    for place, item in enumerate(items):
        name = f"item {place}"
        identifier = item.get("id")
        if not isinstance(identifier, str) or not identifier:
            yield f"{name} has the id {identifier!r}"
        elif identifier in seen:
            yield f"the id {identifier!r} twice"
        seen.add(str(identifier))
        if not item.get("content_text") and not item.get("content_html"):
            yield f"{name} has no content"
        yield from names(name, item, ITEM)
        yield from values(name, item)
        for day in ("date_published", "date_modified"):
            if day in item and not RFC3339.fullmatch(str(item[day])):
                yield f"{name}: {day} is {item[day]!r}"
        if not all(isinstance(tag, str) for tag in item.get("tags", [])):
            yield f"{name} has a tag that is no string"


def names(name: str, part: dict[str, Any], known: set[str]) -> Iterator[str]:
    """Extensions begin with an underscore, are objects, and their names have a letter next and no dot."""
    for key, value in part.items():
        if key.startswith("_"):
            if not key[1:2].isalpha() or "." in key or not isinstance(value, dict):
                yield f"{name}: the extension {key!r}"
        elif key not in known:
            yield f"{name}: unknown name {key!r}"


def values(name: str, part: dict[str, Any]) -> Iterator[str]:
    """Strings are strings, addresses are whole."""
    for key in STRINGS:
        if key in part and not isinstance(part[key], str):
            yield f"{name}: {key} is {part[key]!r}"
    for key in ADDRESSES:
        if key in part and not (urlsplit(str(part[key])).scheme and urlsplit(str(part[key])).netloc):
            yield f"{name}: {key} is {part[key]!r}"
