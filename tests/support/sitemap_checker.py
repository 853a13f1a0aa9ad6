"""Judges a sitemap, or an index of them, by sitemaps.org, not by how ours is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from tests.support.atom_checker import RFC3339

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOST = 50_000
MOST_BYTES = 50 * 1024 * 1024
ROOTS = {f"{SITEMAP}urlset": "url", f"{SITEMAP}sitemapindex": "sitemap"}
CHILDREN = {"url": {"loc", "lastmod", "changefreq", "priority"}, "sitemap": {"loc", "lastmod"}}


def judge_sitemap(document: bytes, address: str) -> list[str]:
    """Everything wrong with a sitemap that was found at this address."""
    try:
        root = ET.fromstring(document)
    except ET.ParseError as error:
        return [f"not well-formed: {error}"]
    if root.tag not in ROOTS:
        return [f"the document is {root.tag!r}"]
    faults = [f"{len(document)} bytes"] if len(document) > MOST_BYTES else []
    if not document.lstrip().startswith(b"<?xml") or not re.search(rb"UTF-8", document[:60], re.IGNORECASE):
        faults.append("it does not say that it is UTF-8")
    return [*faults, *of_entries(root, ROOTS[root.tag], address)]


def of_entries(root: ET.Element, kind: str, address: str) -> Iterator[str]:
    """Few enough, whole addresses of this host, each once, with days that are days."""
    if not 0 < len(root) <= MOST:
        yield f"{len(root)} entries"
    seen = set()
    for entry in root:
        if entry.tag != SITEMAP + kind:
            yield f"<{entry.tag}> in the list"
        place = (entry.findtext(f"{SITEMAP}loc") or "").strip()
        own, here = urlsplit(place), urlsplit(address)
        if (own.scheme, own.netloc) != (here.scheme, here.netloc) or len(place) > 2048:
            yield f"loc {place!r}"
        if place in seen:
            yield f"{place!r} twice"
        seen.add(place)
        for child in entry:
            name = child.tag.removeprefix(SITEMAP)
            if name not in CHILDREN[kind]:
                yield f"<{child.tag}> in an entry"
            if name == "lastmod" and not re.fullmatch(
                rf"\d{{4}}-\d\d-\d\d|{RFC3339.pattern}", child.text or ""
            ):
                yield f"lastmod {child.text!r}"
