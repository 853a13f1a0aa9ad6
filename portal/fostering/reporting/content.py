"""What a file of figures can hold, and what it is for."""

from portal.core.options import Option


class Content(Option):
    """What a file is about."""

    OFSTED = "ofsted", "Figures for Ofsted’s yearly return"
    REFERENCES = "references", "The references behind those figures"
    MONTHLY = "monthly", "Figures of each month"
    OPEN = "open", "Open now, by stage and age", "As it stands today, whatever the year"
    ROWS = "rows", "One row for each enquiry, without names", "Months instead of dates, and no free text"


class Purpose(Option):
    """Why somebody takes figures out of the portal; kept with the export in the audit."""

    PERFORMANCE = "PERFORMANCE", "Performance and quality reporting"
    RETURN = "RETURN", "Ofsted’s yearly return"
    INSPECTION = "INSPECTION", "Preparing for an inspection"
    HUB = "HUB", "Reporting to the regional hub"
    ANALYSIS = "ANALYSIS", "Analysis of recruitment"
