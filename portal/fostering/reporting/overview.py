"""What the first page of figures is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.fostering.reporting import drawings
from portal.fostering.reporting.home import AGES, OLDER, OpenStage, Overview, Week


def overview_facts(
    weeks: Sequence[Week], stages: Sequence[OpenStage], found: Overview, today: date
) -> dict[str, Any]:
    """Figures and charts by the names that the template knows."""
    told = [cohort for cohort in found.quarters if not cohort.too_early(today)]
    sources = drawings.lines_chart("sources", "Where households heard of us, last 12 months", found.sources)
    areas = drawings.lines_chart("areas", "Where households live, last 12 months", found.areas)
    return {
        "weeks": weeks,
        "stages": stages,
        "ages": [*(label for _days, label in AGES), OLDER],
        "found": found,
        "today": today,
        "percent": drawings.percent,
        "weeks_chart": drawings.weeks_chart(weeks),
        "on_time_chart": drawings.on_time_chart(found.months),
        "open_chart": drawings.open_chart(stages) if stages else None,
        "conversion_chart": drawings.conversion_chart(told),
        "sources_chart": sources,
        "areas_chart": areas,
    }
