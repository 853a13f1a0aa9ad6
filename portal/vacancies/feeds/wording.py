"""What every feed says of an advert in words, and of itself."""

from __future__ import annotations

from portal.core.options import Option
from portal.vacancies.feeds.queries import Entry, FeedPage
from portal.vacancies.options import ContractType, JobFamily
from portal.vacancies.pay import actual_pay, full_time_pay
from portal.vacancies.wording import closing_time, hours_in_words, patterns_in_words

LICENCE = "Open Government Licence v3.0"
LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def labels(options: type[Option]) -> dict[str, str]:
    """Code → label, of plain strings."""
    return {option.value: option.label for option in options}


CONTRACTS = labels(ContractType)
FAMILIES = labels(JobFamily)


def title_of(entry: Entry) -> str:
    """The title, and that it is a demonstration where it is one."""
    return f"{entry.title} (demonstration advert)" if entry.is_demo else entry.title


def facts_of(entry: Entry, team: str) -> str:
    """Pay, hours, contract, place and closing time in one line, then the summary in another."""
    actual = actual_pay(entry)
    pay = f"{actual} ({full_time_pay(entry)} full time)" if actual else full_time_pay(entry)
    parts = (
        pay,
        f"{patterns_in_words(entry.working_patterns)}, {hours_in_words(entry.hours_per_week)}",
        CONTRACTS[entry.contract_type],
        f"{team}, {entry.location_base}",
        f"Closes at {closing_time(entry.closes_at)}",
    )
    return ". ".join(part for part in parts if part) + f".\n{entry.summary}"


def feed_title(page: FeedPage, council: str) -> str:
    """“Vacancies at Southampton City Council that match a search”."""
    return f"Vacancies at {council}" + (" that match a search" if page.filters.narrowed_by else "")
