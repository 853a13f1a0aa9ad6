"""A search as an Atom feed (RFC 4287), a page of it at a time (RFC 5005)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from portal.vacancies.feeds.queries import Entry, FeedPage
from portal.vacancies.feeds.site import Site
from portal.vacancies.feeds.wording import FAMILIES, LICENCE, LICENCE_URL, facts_of, feed_title, title_of

MEDIA_TYPE = "application/atom+xml"
PATH = "/vacancies.atom"
NAMESPACE = "http://www.w3.org/2005/Atom"

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom_feed(page: FeedPage, site: Site) -> bytes:
    """The whole document."""
    feed = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en-GB"})
    query = page.filters.query
    add(feed, "id", site.tag(f"vacancies{query(1)}"))
    add(feed, "title", feed_title(page, site.council.name))
    add(feed, "updated", rfc3339(page.updated))
    author = ET.SubElement(feed, "author")
    add(author, "name", site.council.name)
    add(author, "uri", site.council.website)
    add(feed, "rights", LICENCE)
    link(feed, "license", LICENCE_URL)
    link(feed, "self", site.address(PATH + query()), MEDIA_TYPE)
    link(feed, "alternate", site.address(f"/vacancies{query(1)}"), "text/html")
    link(feed, "first", site.address(PATH + query(1)), MEDIA_TYPE)
    if page.filters.page > 1:
        link(feed, "previous", site.address(PATH + query(page.filters.page - 1)), MEDIA_TYPE)
    if page.has_next:
        link(feed, "next", site.address(PATH + query(page.filters.page + 1)), MEDIA_TYPE)
    for entry in page.entries:
        add_entry(feed, entry, page.teams[entry.team_id].name, site)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def add_entry(feed: ET.Element, entry: Entry, team: str, site: Site) -> None:
    """One advert. Its id is made of the reference, which never changes, and of no address."""
    element = ET.SubElement(feed, "entry")
    add(element, "id", site.tag(f"vacancies/{entry.reference}"))
    add(element, "title", title_of(entry))
    add(element, "published", rfc3339(entry.published))
    add(element, "updated", rfc3339(entry.updated))
    link(element, "alternate", site.advert(entry.slug), "text/html")
    add(element, "summary", facts_of(entry, team))
    category = {"term": entry.family, "scheme": site.tag("family"), "label": FAMILIES[entry.family]}
    ET.SubElement(element, "category", category)
    if entry.is_demo:
        ET.SubElement(element, "category", {"term": "demonstration", "scheme": site.tag("kind")})


def add(parent: ET.Element, name: str, text: str) -> None:
    """An element with text, without the characters that XML cannot hold in any spelling."""
    ET.SubElement(parent, name).text = NOT_IN_XML.sub("", text)


def link(parent: ET.Element, relation: str, address: str, media_type: str = "") -> None:
    """A link of one relation."""
    kind = {"type": media_type} if media_type else {}
    ET.SubElement(parent, "link", {"rel": relation, **kind, "href": address})


def rfc3339(instant: datetime) -> str:
    """2026-11-23T10:00:00Z."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
