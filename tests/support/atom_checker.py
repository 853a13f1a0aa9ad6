"""Judges an Atom feed by RFC 4287 (sections named beside each rule), not by how ours is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
ONCE_IN_FEED = ("id", "title", "updated")
AT_MOST_ONCE = (
    "generator",
    "icon",
    "logo",
    "rights",
    "subtitle",
    "published",
    "summary",
    "source",
    "content",
)
KNOWN = {
    *(
        "author",
        "category",
        "content",
        "contributor",
        "entry",
        "feed",
        "generator",
        "icon",
        "id",
        "link",
        "logo",
    ),
    *("published", "rights", "source", "subtitle", "summary", "title", "updated", "name", "uri", "email"),
}


def judge_atom(document: bytes) -> list[str]:
    """Everything wrong with a feed."""
    try:
        feed = ET.fromstring(document)
    except ET.ParseError as error:
        return [f"not well-formed: {error}"]
    if feed.tag != f"{ATOM}feed":
        return [f"the document is {feed.tag!r}"]
    return [*elements(feed), *of_feed(feed), *entries(feed)]


def elements(feed: ET.Element) -> Iterator[str]:
    """Whatever is in the Atom namespace is known to it; nothing is in no namespace (6.3, 6.4)."""
    for element in feed.iter():
        name = element.tag.removeprefix(ATOM)
        if not element.tag.startswith("{"):
            yield f"<{element.tag}> has no namespace"
        elif element.tag.startswith(ATOM) and name not in KNOWN:
            yield f"Atom has no <{name}>"
        if name in ("updated", "published"):
            yield from moment(element)
        if name == "link":
            yield from link(element)
        if name == "category" and not element.get("term"):
            yield "a category without term (4.2.2)"
        if name in ("title", "summary", "rights", "subtitle") and element.get("type", "text") not in (
            "text",
            "html",
            "xhtml",
        ):
            yield f"<{name} type={element.get('type')!r}> (3.1.1)"
        if name in ("author", "contributor") and not text(element, "name"):
            yield f"<{name}> without name (3.2.1)"


def moment(element: ET.Element) -> Iterator[str]:
    """A date construct is RFC 3339 with a capital T and an offset, of a day that there is (3.3)."""
    said = element.text or ""
    if not RFC3339.fullmatch(said):
        yield f"{said!r} is no RFC 3339 instant"
        return
    try:
        datetime.fromisoformat(said)
    except ValueError:
        yield f"{said!r} is no day"


def link(element: ET.Element) -> Iterator[str]:
    """A link has an address, and in our feeds a whole one (4.2.7)."""
    address = element.get("href") or ""
    if not address or not SCHEME.match(address) or not urlsplit(address).netloc:
        yield f"the link {address!r} leads nowhere by itself"


def of_feed(feed: ET.Element) -> Iterator[str]:
    """What a feed must have once, and the link to itself that it should have (4.1.1)."""
    yield from required(feed, "the feed")
    if not links(feed, "self"):
        yield "the feed has no link to itself"
    yield from alternates(feed, "the feed")


def entries(feed: ET.Element) -> Iterator[str]:
    """What each entry must have (4.1.2), and that no two are the same one (4.2.6)."""
    seen = set()
    for entry in feed.findall(f"{ATOM}entry"):
        name = f"the entry {text(entry, 'title')!r}"
        yield from required(entry, name)
        yield from alternates(entry, name)
        if entry.find(f"{ATOM}author") is None and feed.find(f"{ATOM}author") is None:
            yield f"{name} has no author, nor has the feed"
        if entry.find(f"{ATOM}content") is None and not links(entry, "alternate"):
            yield f"{name} has neither content nor an alternate link"
        published, updated = text(entry, "published"), text(entry, "updated")
        if published and updated < published:
            yield f"{name} was changed before it was published"
        identifier = text(entry, "id")
        if identifier in seen:
            yield f"the id {identifier!r} twice"
        seen.add(identifier)
    if text(feed, "id") in seen:
        yield "an entry has the feed’s id"


def required(parent: ET.Element, name: str) -> Iterator[str]:
    """Id, title and time of change, exactly once; nothing else more often than it may be."""
    for child in ONCE_IN_FEED:
        if (number := len(parent.findall(ATOM + child))) != 1:
            yield f"{name} has {number} × <{child}>"
        elif not text(parent, child):
            yield f"{name} has an empty <{child}>"
    for child in AT_MOST_ONCE:
        if len(parent.findall(ATOM + child)) > 1:
            yield f"{name} has several <{child}>"
    identifier = text(parent, "id")
    if identifier and not SCHEME.match(identifier):
        yield f"{name} has the id {identifier!r}, which is no IRI (4.2.6)"


def alternates(parent: ET.Element, name: str) -> Iterator[str]:
    """No two alternate links of the same type and language."""
    kinds = [(one.get("type"), one.get("hreflang")) for one in links(parent, "alternate")]
    if len(kinds) != len(set(kinds)):
        yield f"{name} has two alternate links of one type"


def links(parent: ET.Element, relation: str) -> list[ET.Element]:
    """The links of one relation; without any named, a link is an alternate."""
    return [one for one in parent.findall(f"{ATOM}link") if one.get("rel", "alternate") == relation]


def text(parent: ET.Element, name: str) -> str:
    """The text of a child."""
    return (parent.findtext(ATOM + name) or "").strip()
