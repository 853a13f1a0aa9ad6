"""What a file of figures can hold, and what it is for."""

from __future__ import annotations

from datetime import date

from portal.core.options import Option
from portal.fostering.reporting.periods import year_label


class Content(Option):
    """What a file is about."""

    OFSTED = "ofsted", "Figures for Ofsted’s yearly return"
    REFERENCES = "references", "The references behind those figures"
    MONTHLY = "monthly", "Figures of each month"
    OPEN = "open", "Open now, by stage and age", "As it stands today, whatever the year"
    ROWS = "rows", "One row for each enquiry, without names", "Months instead of dates, and no free text"


FILES = {
    Content.OFSTED: "ofsted-figures",
    Content.REFERENCES: "ofsted-references",
    Content.MONTHLY: "monthly-figures",
    Content.OPEN: "open-households",
    Content.ROWS: "enquiries-without-names",
}


def file_name(content: Content, year: int, today: date) -> str:
    """What a file holds and of which financial year, or of which day if it tells how things stand today."""
    span = today.isoformat() if content is Content.OPEN else year_label(year)
    return f"fostering-{FILES[content]}-{span}"


class Purpose(Option):
    """Why somebody takes figures out of the portal; kept with the export in the audit."""

    PERFORMANCE = "PERFORMANCE", "Performance and quality reporting"
    RETURN = "RETURN", "Ofsted’s yearly return"
    INSPECTION = "INSPECTION", "Preparing for an inspection"
    HUB = "HUB", "Reporting to the regional hub"
    ANALYSIS = "ANALYSIS", "Analysis of recruitment"
