"""Judges a JobPosting by what Google for Jobs asks for, not by how ours is made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from tests.support.markup import Document

REQUIRED = ("title", "description", "datePosted", "hiringOrganization")
RECOMMENDED = ("validThrough", "employmentType", "baseSalary", "identifier", "directApply")
EMPLOYMENT = {
    *("FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "VOLUNTEER", "PER_DIEM", "OTHER"),
}
UNITS = {"HOUR", "DAY", "WEEK", "MONTH", "YEAR"}
BLOCKS = {"p", "ul", "ol", "li", "br", "h1", "h2", "h3", "h4", "strong", "em", "a", "blockquote"}


def postings_on(html: str) -> list[Any]:
    """The data blocks of a page, read as a search engine reads them."""
    found = Document(html).all("script", type="application/ld+json")
    return [json.loads(block.source) for block in found]


def judge_posting(posting: Any) -> list[str]:
    """Everything that is wrong or missing."""
    if not isinstance(posting, dict):
        return ["no object"]
    rules = (context, required, texts, dates, place, salary, identity, employment)
    return [fault for rule in rules for fault in rule(posting)]


def context(posting: dict[str, Any]) -> Iterator[str]:
    """It says whose words it uses."""
    if not re.fullmatch(r"https?://schema\.org/?", str(posting.get("@context"))):
        yield f"@context {posting.get('@context')!r}"
    if posting.get("@type") != "JobPosting":
        yield f"@type {posting.get('@type')!r}"


def required(posting: dict[str, Any]) -> Iterator[str]:
    """What must be there, and what we always can say."""
    for name in (*REQUIRED, *RECOMMENDED):
        if posting.get(name) in (None, "", [], {}):
            yield f"no {name}"


def texts(posting: dict[str, Any]) -> Iterator[str]:
    """The description is HTML, says more than the title, and holds nothing that runs."""
    title, description = str(posting.get("title")), str(posting.get("description"))
    reader = _Tags()
    reader.feed(description)
    if not {"p", "br", "li"} & reader.tags:
        yield "the description is no HTML"
    if strange := reader.tags - BLOCKS:
        yield f"the description has {sorted(strange)}"
    if " ".join(reader.words).strip() == title.strip():
        yield "the description is the title"
    if re.search(r"£|\d{2,},\d{3}|SCC-", title):
        yield "the title says more than the job’s name"


def dates(posting: dict[str, Any]) -> Iterator[str]:
    """ISO 8601, with an offset where there is a time; it ends after it began."""
    read = {}
    for name in ("datePosted", "validThrough"):
        try:
            read[name] = datetime.fromisoformat(str(posting.get(name)))
        except ValueError:
            yield f"{name} is {posting.get(name)!r}"
            continue
        if "T" in str(posting.get(name)) and read[name].tzinfo is None:
            yield f"{name} does not say on whose clock"
    if len(read) == 2 and not in_order(read["datePosted"], read["validThrough"]):
        yield "validThrough is not after datePosted"


def in_order(first: datetime, last: datetime) -> bool:
    """Whether the second is later."""
    return first.replace(tzinfo=first.tzinfo or last.tzinfo) < last


def place(posting: dict[str, Any]) -> Iterator[str]:
    """An address with its country, or work from home with where people must live."""
    remote = posting.get("jobLocationType")
    if remote not in (None, "TELECOMMUTE"):
        yield f"jobLocationType {remote!r}"
    if remote and not (posting.get("applicantLocationRequirements") or {}).get("name"):
        yield "work from home, but not from where"
    if not remote and posting.get("applicantLocationRequirements"):
        yield "applicantLocationRequirements is for work from home"
    location = posting.get("jobLocation")
    if location is None:
        if not remote:
            yield "no jobLocation"
        return
    address = location.get("address") or {}
    if location.get("@type") != "Place" or address.get("@type") != "PostalAddress":
        yield "jobLocation is no Place with a PostalAddress"
    if not re.fullmatch(r"[A-Z]{2}", str(address.get("addressCountry"))):
        yield f"addressCountry {address.get('addressCountry')!r}"
    if not address.get("addressLocality"):
        yield "no addressLocality"


def salary(posting: dict[str, Any]) -> Iterator[str]:
    """Numbers, in a currency, for a time."""
    money = posting.get("baseSalary") or {}
    value = money.get("value") or {}
    if money.get("@type") != "MonetaryAmount" or value.get("@type") != "QuantitativeValue":
        yield "baseSalary is no MonetaryAmount with a QuantitativeValue"
    if not re.fullmatch(r"[A-Z]{3}", str(money.get("currency"))):
        yield f"currency {money.get('currency')!r}"
    if value.get("unitText") not in UNITS:
        yield f"unitText {value.get('unitText')!r}"
    amounts = [value.get("value")] if "value" in value else [value.get("minValue"), value.get("maxValue")]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and one > 0 for one in amounts):
        yield f"amounts {amounts}"
    elif amounts != sorted(amounts):
        yield f"amounts {amounts} run backwards"


def as_object(posting: dict[str, Any], name: str) -> dict[str, Any]:
    """A value that should be an object; an empty one where it is none."""
    value = posting.get(name)
    return value if isinstance(value, dict) else {}


def identity(posting: dict[str, Any]) -> Iterator[str]:
    """Who hires, and under which reference."""
    identifier, who = as_object(posting, "identifier"), as_object(posting, "hiringOrganization")
    if (
        identifier.get("@type") != "PropertyValue"
        or not identifier.get("value")
        or not identifier.get("name")
    ):
        yield "identifier is no PropertyValue with name and value"
    if who.get("@type") != "Organization" or not who.get("name"):
        yield "hiringOrganization has no name"
    if not str(who.get("sameAs", "https://")).startswith("https://"):
        yield f"sameAs {who.get('sameAs')!r}"
    if not isinstance(posting.get("directApply"), bool):
        yield f"directApply {posting.get('directApply')!r}"


def employment(posting: dict[str, Any]) -> Iterator[str]:
    """Only Google's words, each once."""
    said = posting.get("employmentType") or []
    said = [said] if isinstance(said, str) else said
    if not set(said) <= EMPLOYMENT or len(set(said)) != len(said):
        yield f"employmentType {said}"


class _Tags(HTMLParser):
    """The tags and the words of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())
