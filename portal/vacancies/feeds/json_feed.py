"""A search as a JSON Feed (version 1.1), with each advert's facts as numbers and codes in `_vacancy`.

What is in it is written down for those who read it on /vacancies-feeds.
"""

from __future__ import annotations

import json
from typing import Any

from portal.vacancies.feeds.atom import rfc3339
from portal.vacancies.feeds.queries import Entry, FeedPage
from portal.vacancies.feeds.site import Site
from portal.vacancies.feeds.wording import FAMILIES, LICENCE, LICENCE_URL, facts_of, feed_title, title_of
from portal.vacancies.pay import actual_salary, actual_share
from portal.vacancies.search.statements import Team

MEDIA_TYPE = "application/feed+json"
PATH = "/vacancies.json"
VERSION = "https://jsonfeed.org/version/1.1"

Data = dict[str, Any]

FIELDS = (
    ("reference", "The council’s reference. It never changes."),
    ("demonstration", "True for an advert that only shows how the service works: the post does not exist."),
    ("family", "The kind of work, as a code: social_work, psychology or management."),
    ("level", "The level of the post, as a code such as newly_qualified or team_manager."),
    ("team", "The team’s code and name."),
    ("posts", "How many people are looked for."),
    (
        "contract",
        "The kind of contract, as a code: permanent, fixed_term, secondment, casual or apprenticeship.",
    ),
    ("patterns", "The working patterns on offer, as codes such as full_time, part_time and job_share."),
    ("hours_per_week", "Hours a week, as a number."),
    ("full_time_hours", "The council’s full-time week that pay is worked out from."),
    ("paid_weeks", "Paid weeks a year where only term time is worked, otherwise null."),
    ("salary", "Whole pounds a year: “full_time” is what the grade pays, “actual” what these hours pay."),
    ("place", "Where the work is based, with its postcode where there is one."),
    ("asye_suitable", "True where a newly qualified social worker can do the ASYE in the post."),
    ("visa_sponsorship", "Whether a visa is sponsored: yes, no or considered."),
    ("closes_at", "From this instant on it is too late to apply."),
)
"""What `facts` has, and what the page about the feeds says of each."""


def json_feed(page: FeedPage, site: Site) -> bytes:
    """The whole document."""
    query = page.filters.query
    feed: Data = {
        "version": VERSION,
        "title": feed_title(page, site.council.name),
        "home_page_url": site.address(f"/vacancies{query(1)}"),
        "feed_url": site.address(PATH + query()),
        "language": "en-GB",
        "authors": [{"name": site.council.name, "url": site.council.website}],
        "_vacancies": {
            "about": site.address("/vacancies-feeds"),
            "licence": {"name": LICENCE, "url": LICENCE_URL},
            "updated": rfc3339(page.updated),
        },
    }
    if page.has_next:
        feed["next_url"] = site.address(PATH + query(page.filters.page + 1))
    feed["items"] = [item(entry, page.teams[entry.team_id], site) for entry in page.entries]
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()


def item(entry: Entry, team: Team, site: Site) -> Data:
    """One advert."""
    tags = [FAMILIES[entry.family], *(["demonstration"] if entry.is_demo else [])]
    return {
        "id": site.tag(f"vacancies/{entry.reference}"),
        "url": site.advert(entry.slug),
        "title": title_of(entry),
        "summary": entry.summary,
        "content_text": facts_of(entry, team.name),
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(entry.updated),
        "tags": tags,
        "_vacancy": facts(entry, team),
    }


def facts(entry: Entry, team: Team) -> Data:
    """What a program would otherwise have to read out of sentences."""
    return {
        "reference": entry.reference,
        "demonstration": bool(entry.is_demo),
        "family": entry.family,
        "level": entry.role_level,
        "team": {"code": team.slug, "name": team.name},
        "posts": entry.number_of_posts,
        "contract": entry.contract_type,
        "patterns": entry.working_patterns,
        "hours_per_week": float(entry.hours_per_week),
        "full_time_hours": float(entry.full_time_hours),
        "paid_weeks": None if entry.paid_weeks is None else float(entry.paid_weeks),
        "salary": salary(entry),
        "place": {"name": entry.location_base, "postcode": entry.postcode},
        "asye_suitable": bool(entry.asye_suitable),
        "visa_sponsorship": entry.visa_sponsorship,
        "closes_at": rfc3339(entry.closes_at),
    }


def salary(entry: Entry) -> Data:
    """Whole pounds a year: what the grade pays full time, and what the hours of the post make of it."""
    share = actual_share(entry)
    pounds = (entry.salary_min, entry.salary_max)
    return {
        "currency": "GBP",
        "per": "year",
        "full_time": dict(zip(("min", "max"), pounds, strict=True)),
        "actual": dict(zip(("min", "max"), (actual_salary(one, share) for one in pounds), strict=True)),
    }
