"""An open advert as schema.org JobPosting, as Google for Jobs reads it: nothing that is not on the page.

Salary and hours are numbers, and those of the post itself: a part-time post is not said to pay a full-time
salary. `directApply` is true: the form is on this website, and no account has to be made first elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from portal.core.clock import london
from portal.core.markdown import render_markdown
from portal.vacancies.advert import Line, criteria_of
from portal.vacancies.feeds.site import Site
from portal.vacancies.models import Vacancy
from portal.vacancies.options import ContractType, Flexibility, WorkingPattern
from portal.vacancies.pay import actual_salary, actual_share
from portal.vacancies.wording import hours_in_words

PART_TIME = {WorkingPattern.PART_TIME, WorkingPattern.JOB_SHARE, WorkingPattern.TERM_TIME}
ENDING = {ContractType.FIXED_TERM, ContractType.SECONDMENT}
DEMONSTRATION = "Demonstration advert: this post does not exist."

Data = dict[str, Any]


def job_posting(vacancy: Vacancy, criteria: Iterable[Line], site: Site, at: datetime) -> Data | None:
    """The posting; None for what is not open: a closed advert says nothing to those who list jobs."""
    if not vacancy.is_open(at) or vacancy.visible_from is None or vacancy.closes_at is None:
        return None
    posting: Data = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": vacancy.title,
        "description": description_of(vacancy, criteria),
        "identifier": {
            "@type": "PropertyValue",
            "name": site.council.name,
            "value": vacancy.reference,
        },
        "url": site.advert(vacancy.slug),
        "datePosted": said(vacancy.visible_from),
        "validThrough": said(vacancy.closes_at),
        "employmentType": employment_types(vacancy),
        "workHours": hours_in_words(vacancy.hours_per_week),
        "totalJobOpenings": vacancy.number_of_posts,
        "hiringOrganization": {
            "@type": "Organization",
            "name": site.council.name,
            "sameAs": site.council.website,
        },
        "baseSalary": salary_of(vacancy),
        "directApply": True,
    }
    return posting | place_of(vacancy, site)


def said(instant: datetime) -> str:
    """An instant in ISO 8601, on a London clock and with its offset."""
    return london(instant).isoformat(timespec="seconds")


def description_of(vacancy: Vacancy, criteria: Iterable[Line]) -> str:
    """The advert's texts as HTML, which the page has sanitised in the same way."""
    parts = [paragraph(DEMONSTRATION)] if vacancy.is_demo else []
    parts += [paragraph(vacancy.summary), render_markdown(vacancy.description)]
    for text in (vacancy.about_team, vacancy.benefits):
        if text:
            parts.append(render_markdown(text))
    for importance, requirements in criteria_of(criteria):
        items = Markup().join(Markup("<li>{}</li>").format(one.wording) for one in requirements)
        parts.append(Markup("<p>{}:</p><ul>{}</ul>").format(importance, items))
    return Markup("\n").join(parts)


def paragraph(text: str) -> Markup:
    """Plain text as HTML."""
    return Markup("<p>{}</p>").format(escape(text))


def employment_types(vacancy: Vacancy) -> list[str]:
    """Google's words: how much is worked, and that it ends where it does."""
    patterns = {WorkingPattern(code) for code in vacancy.working_patterns}
    full_time = vacancy.hours_per_week >= vacancy.full_time_hours
    types = []
    if WorkingPattern.FULL_TIME in patterns or (not patterns & PART_TIME and full_time):
        types.append("FULL_TIME")
    if patterns & PART_TIME or not full_time:
        types.append("PART_TIME")
    if vacancy.contract_type in ENDING:
        types.append("TEMPORARY")
    if vacancy.contract_type in (ContractType.CASUAL, ContractType.APPRENTICESHIP):
        types.append("OTHER")
    return types


def salary_of(vacancy: Vacancy) -> Data:
    """What the hours of the post pay a year, in whole pounds."""
    share = actual_share(vacancy)
    return {
        "@type": "MonetaryAmount",
        "currency": "GBP",
        "value": {
            "@type": "QuantitativeValue",
            "minValue": actual_salary(vacancy.salary_min, share),
            "maxValue": actual_salary(vacancy.salary_max, share),
            "unitText": "YEAR",
        },
    }


def place_of(vacancy: Vacancy, site: Site) -> Data:
    """Where the work is done: an address, or at home, and then where people must live."""
    if is_home_based(vacancy):
        country = {"@type": "Country", "name": "United Kingdom"}
        return {"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": country}
    town = site.council.short_name
    address = {
        "@type": "PostalAddress",
        "streetAddress": without_town(vacancy.address or vacancy.location_base, town),
        "addressLocality": town,
        "postalCode": vacancy.postcode or "",
        "addressCountry": "GB",
    }
    filled = {name: value for name, value in address.items() if value}
    return {"jobLocation": {"@type": "Place", "address": filled}}


def is_home_based(vacancy: Vacancy) -> bool:
    """Whether all of the work is done at home: some days in an office make it an office's post."""
    there = {Flexibility.HYBRID.value, Flexibility.OFFICE_BASED.value}
    return Flexibility.HOME_BASED in vacancy.flexible and there.isdisjoint(vacancy.flexible)


def without_town(text: str, town: str) -> str:
    """“Civic Centre Road”: the town has a field of its own; empty where nothing else was said."""
    parts = [part.strip() for part in text.split(",")]
    return ", ".join(part for part in parts if part and part.casefold() != town.casefold())
