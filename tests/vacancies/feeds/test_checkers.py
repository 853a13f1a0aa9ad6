"""The checkers of feeds, calendars, postings and sitemaps find what they are there to find."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.support.atom_checker import judge_atom
from tests.support.calendar_checker import judge_calendar
from tests.support.job_posting_checker import judge_posting, postings_on
from tests.support.json_feed_checker import judge_json_feed
from tests.support.sitemap_checker import judge_sitemap

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>tag:example.org,2026:feed</id><title>Jobs</title><updated>2026-11-23T10:00:00Z</updated>
<author><name>Council</name></author>
<link rel="self" href="https://example.org/feed"/>
<entry><id>tag:example.org,2026:1</id><title>Cook</title><published>2026-11-20T10:00:00Z</published>
<updated>2026-11-22T10:00:00Z</updated><link href="https://example.org/1"/><summary>Cook</summary></entry>
</feed>"""

ATOM_FAULTS = [
    ("<id>tag:example.org,2026:feed</id>", "", "0 × <id>"),
    ("tag:example.org,2026:1<", "1<", "no IRI"),
    ("tag:example.org,2026:1<", "tag:example.org,2026:feed<", "an entry has the feed’s id"),
    ("<title>Cook</title>", "", "0 × <title>"),
    ("<title>Cook</title>", "<title>Cook</title><title>x</title>", "2 × <title>"),
    ("<updated>2026-11-22T10:00:00Z", "<updated>2026-11-22T10:00:00+00:00Z", "RFC 3339"),
    ("<updated>2026-11-22T10:00:00Z", "<updated>2026-11-22 10:00:00", "RFC 3339"),
    ("<updated>2026-11-22T10:00:00Z", "<updated>2026-11-31T10:00:00Z", "no day"),
    ("<updated>2026-11-22T10:00:00Z", "<updated>2026-11-19T10:00:00Z", "before it was published"),
    ("<author><name>Council</name></author>", "", "no author"),
    ("<author><name>Council</name></author>", "<author/>", "without name"),
    ('<link rel="self" href="https://example.org/feed"/>', "", "no link to itself"),
    ('href="https://example.org/1"', 'href="/1"', "leads nowhere"),
    ('<link href="https://example.org/1"/>', "", "neither content nor"),
    ("<summary>Cook</summary>", "<location>Southampton</location>", "no <location>"),
    ("<summary>Cook</summary>", '<summary type="markdown">Cook</summary>', "3.1.1"),
    ("<summary>Cook</summary>", '<x xmlns="">Cook</x>', "no namespace"),
    ("<summary>Cook</summary>", '<category label="x"/>', "without term"),
    ("Cook</summary>", "\x08</summary>", "not well-formed"),
    ("2005/Atom", "2006/Atom", "the document is"),
]


def test_a_right_feed_has_no_fault():
    assert judge_atom(ATOM.encode()) == []


@pytest.mark.parametrize(("right", "wrong", "fault"), ATOM_FAULTS)
def test_faults_of_atom(right, wrong, fault):
    assert right in ATOM
    assert any(fault in found for found in judge_atom(ATOM.replace(right, wrong, 1).encode()))


def test_an_entry_twice():
    entry = ATOM[ATOM.index("<entry>") : ATOM.index("</feed>")]
    assert any("twice" in found for found in judge_atom(ATOM.replace(entry, entry * 2).encode()))


FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Jobs",
    "feed_url": "https://example.org/feed.json",
    "_ours": {"licence": "x"},
    "items": [{"id": "1", "content_text": "Cook", "date_published": "2026-11-20T10:00:00Z", "tags": ["x"]}],
}


def test_a_right_json_feed_has_no_fault():
    assert judge_json_feed(json.dumps(FEED).encode()) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": "1"}, "version"),
        ({"title": ""}, "no title"),
        ({"items": None}, "no list"),
        ({"author": {"name": "x"}}, "deprecated"),
        ({"salary": 1}, "unknown name"),
        ({"_ours": "x"}, "the extension"),
        ({"feed_url": "/feed"}, "feed_url"),
        ({"next_url": "https://example.org/feed.json"}, "this page itself"),
        ({"authors": [{}]}, "without anything"),
        ({"items": [{"content_text": "x"}]}, "has the id"),
        ({"items": [{"id": 1, "content_text": "x"}]}, "has the id"),
        ({"items": [{"id": "1"}]}, "no content"),
        ({"items": FEED["items"] * 2}, "twice"),
        ({"items": [{"id": "1", "content_text": "x", "date_modified": "today"}]}, "date_modified"),
        ({"items": [{"id": "1", "content_text": "x", "pay": 1}]}, "unknown name"),
        ({"items": [{"id": "1", "content_text": "x", "tags": [1]}]}, "no string"),
    ],
)
def test_faults_of_json_feed(change, fault):
    assert any(fault in found for found in judge_json_feed(json.dumps(FEED | change).encode()))


CALENDAR = "\r\n".join(
    (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//x//EN",
        "BEGIN:VEVENT",
        "UID:1@example.org",
        "DTSTAMP:20261123T100000Z",
        "DTSTART:20261213T235900Z",
        "SUMMARY:Cook\\, chef",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
)


def test_a_right_calendar_has_no_fault():
    assert judge_calendar(CALENDAR.encode()) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("\r\n", "\n", "bare line break"),
        ("Cook\\, chef", "Cook, chef", "not escaped"),
        ("Cook\\, chef", "x" * 70, "octets"),
        ("Cook\\, chef", "ö" * 40, "octets"),
        ("Cook\\, chef", "a\x07b", "control character"),
        ("VERSION:2.0", "VERSION:1.0", "VERSION"),
        ("PRODID:-//x//EN\r\n", "", "PRODID"),
        ("UID:1@example.org\r\n", "", "no UID"),
        ("DTSTAMP:20261123T100000Z\r\n", "", "no DTSTAMP"),
        ("DTSTAMP:20261123T100000Z", "DTSTAMP:20261123T100000", "not in UTC"),
        ("DTSTART:20261213T235900Z", "DTSTART:20261213T235900", "DTSTART"),
        ("DTSTART:20261213T235900Z", "DTSTART;TZID=Europe/London:20261213T235900", "DTSTART"),
        ("DTSTART:20261213T235900Z", "DTSTART;VALUE=DATE:20261213\r\nDTEND;VALUE=DATE:20261213", "before"),
        ("DTSTART:20261213T235900Z", "DTSTART:20261213T235900Z\r\nDTEND;VALUE=DATE:20261214", "other way"),
        ("SUMMARY:", "STATUS:GONE\r\nSUMMARY:", "STATUS"),
        ("SUMMARY:", "UID:2\r\nSUMMARY:", "UID twice"),
        ("END:VEVENT", "BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT", "an alarm without"),
        ("END:VEVENT\r\n", "", "closes"),
        ("SUMMARY:", "no line\r\nSUMMARY:", "no content line"),
    ],
)
def test_faults_of_calendars(right, wrong, fault):
    assert right in CALENDAR
    assert any(fault in found for found in judge_calendar(CALENDAR.replace(right, wrong).encode()))


POSTING: dict[str, Any] = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "title": "Cook",
    "description": "<p>You cook.</p>",
    "datePosted": "2026-11-20T10:00:00+00:00",
    "validThrough": "2026-12-13T23:59:00+00:00",
    "employmentType": ["FULL_TIME"],
    "identifier": {"@type": "PropertyValue", "name": "Council", "value": "1"},
    "hiringOrganization": {"@type": "Organization", "name": "Council", "sameAs": "https://example.org/"},
    "jobLocation": {
        "@type": "Place",
        "address": {"@type": "PostalAddress", "addressLocality": "Southampton", "addressCountry": "GB"},
    },
    "baseSalary": {
        "@type": "MonetaryAmount",
        "currency": "GBP",
        "value": {"@type": "QuantitativeValue", "minValue": 1, "maxValue": 2, "unitText": "YEAR"},
    },
    "directApply": False,
}


def test_a_right_posting_has_no_fault():
    assert judge_posting(POSTING) == []


@pytest.mark.parametrize(
    ("path", "wrong", "fault"),
    [
        ("@context", "x", "@context"),
        ("title", None, "no title"),
        ("description", "<p>Cook</p>", "is the title"),
        ("description", "You cook.", "no HTML"),
        ("description", "<p>x</p><script>1</script>", "script"),
        ("datePosted", "yesterday", "datePosted"),
        ("datePosted", "2026-11-20T10:00:00", "on whose clock"),
        ("validThrough", "2026-11-01T10:00:00+00:00", "not after"),
        ("validThrough", None, "no validThrough"),
        ("employmentType", ["full time"], "employmentType"),
        ("identifier", "SCC-1", "identifier"),
        ("hiringOrganization", {"@type": "Organization"}, "no name"),
        ("jobLocation", None, "no jobLocation"),
        ("jobLocation.address.addressCountry", None, "addressCountry"),
        ("jobLocation.address.addressLocality", None, "addressLocality"),
        ("jobLocationType", "TELECOMMUTE", "not from where"),
        ("applicantLocationRequirements", {"@type": "Country", "name": "UK"}, "for work from home"),
        ("baseSalary.value.minValue", "£1", "amounts"),
        ("baseSalary.value.maxValue", 0, "amounts"),
        ("baseSalary.value.minValue", 3, "backwards"),
        ("baseSalary.value.unitText", "ANNUM", "unitText"),
        ("directApply", "false", "directApply"),
    ],
)
def test_faults_of_postings(path, wrong, fault):
    posting = copy.deepcopy(POSTING)
    *way, last = path.split(".")
    inner = posting
    for name in way:
        inner = inner[name]
    inner[last] = wrong
    assert any(fault in found for found in judge_posting(posting)), judge_posting(posting)


def test_a_posting_is_found_where_a_search_engine_finds_it():
    html = f'<!DOCTYPE html><head><script type="application/ld+json">{json.dumps(POSTING)}</script></head>'
    assert postings_on(html) == [POSTING]


HERE = "https://example.org/sitemap.xml"
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://example.org/1</loc><lastmod>2026-11-23T10:00:00Z</lastmod></url>
</urlset>"""


def test_a_right_sitemap_has_no_fault():
    assert judge_sitemap(SITEMAP.encode(), HERE) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("sitemap/0.9", "sitemap/1.0", "the document is"),
        ("https://example.org/1", "/1", "loc"),
        ("https://example.org/1", "https://other.example/1", "loc"),
        ("2026-11-23T10:00:00Z", "23/11/2026", "lastmod"),
        ("</url>\n", "</url><url><loc>https://example.org/1</loc></url>\n", "twice"),
        ("</loc>", "</loc><title>x</title>", "in an entry"),
        (SITEMAP[SITEMAP.index("<url>") : SITEMAP.index("</urlset>")], "", "0 entries"),
        ("<loc>https", "<loc>&https", "not well-formed"),
    ],
)
def test_faults_of_sitemaps(right, wrong, fault):
    assert any(fault in found for found in judge_sitemap(SITEMAP.replace(right, wrong).encode(), HERE))
