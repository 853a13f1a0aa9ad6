"""The first two inspection records, as a migration adds them: the facts that tests compare with.

Facts: Ofsted's reports published on 28 July 2023 and 9 January 2020 (Open Government Licence v3.0). The
sentences are our own; only the short phrases below are quoted, each with who said it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.inspections.models import (
    Area,
    Grade,
    Inspection,
    InspectionStatus,
    InspectionType,
    Judgement,
    Quotation,
    Topic,
)

PROVIDER: dict[str, Any] = {
    "status": InspectionStatus.PUBLISHED,
    "provider": "Southampton City Council",
    "urn": 80558,
    "ons_code": "E06000045",
    "framework": "ILACS",
    "type": InspectionType.STANDARD,
    "checked_on": date(2026, 6, 29),
}

LEADERS = "The impact of leaders on social work practice with children and families"
HELP_PROTECTION = "The experiences and progress of children who need help and protection"

JUDGED_2023 = (
    (
        Area.LEADERS,
        "The impact of leaders on social work practice with children and families",
        Grade.OUTSTANDING,
    ),
    (
        Area.HELP_PROTECTION,
        "The experiences and progress of children who need help and protection",
        Grade.GOOD,
    ),
    (Area.IN_CARE, "The experiences and progress of children in care", Grade.GOOD),
    (Area.CARE_LEAVERS, "The experiences and progress of care leavers", Grade.GOOD),
    (Area.OVERALL, "Overall effectiveness", Grade.GOOD),
)

JUDGED_2019 = (
    (Area.LEADERS, LEADERS, Grade.REQUIRES_IMPROVEMENT),
    (Area.HELP_PROTECTION, HELP_PROTECTION, Grade.REQUIRES_IMPROVEMENT),
    (
        Area.IN_CARE,
        "The experiences and progress of children in care and care leavers",
        Grade.REQUIRES_IMPROVEMENT,
    ),
    (Area.OVERALL, "Overall effectiveness", Grade.REQUIRES_IMPROVEMENT),
)

INSPECTORS = "Ofsted inspectors"
DIRECTOR = "Rob Henderson, then Executive Director of Wellbeing (Children and Learning)"
CABINET_MEMBER = "Councillor Alex Winning, then Cabinet Member for Children and Learning"

SAID_2023 = (
    (Topic.LEADERSHIP, "impressive", INSPECTORS, "the leadership of the service"),
    (
        Topic.CULTURE,
        (
            "creating a culture in which staff work compassionately and collaboratively "
            "with families and partner agencies"
        ),
        INSPECTORS,
        "morale and culture",
    ),
    (
        Topic.LEADERSHIP,
        "clear vision, ambition and energy",
        INSPECTORS,
        "what leaders, with political and corporate commitment, gave the service",
    ),
    (
        Topic.HELP,
        "children in need of help and protection receive a timely and effective service",
        INSPECTORS,
        "help and protection",
    ),
    (Topic.CARE, "sensitivity and kindness", INSPECTORS, "how social workers support children in care"),
    (
        Topic.LEAVERS,
        "high-quality",
        INSPECTORS,
        "support to care leavers, through warm relationships and practical help",
    ),
    (Topic.DISABILITY, "holistic, high-quality service", INSPECTORS, "children with disabilities"),
    (Topic.WORKFORCE, "highly effective recruitment throughout the service", INSPECTORS, "the workforce"),
    (Topic.WORKFORCE, "almost fully permanent workforce", INSPECTORS, "the workforce"),
    (Topic.TRAINING, "thoughtfully commissioned", INSPECTORS, "training and development"),
    (Topic.TRAINING, "widely available", INSPECTORS, "training and development"),
    (
        Topic.MANAGERS,
        (
            "energetic and responsive frontline managers who maintain clear, confident and close "
            "oversight of children’s progress"
        ),
        INSPECTORS,
        "managers",
    ),
    (Topic.CULTURE, "one of care, kindness and genuine learning", DIRECTOR, "the culture"),
    (Topic.COUNCIL, "employer of choice for practitioners across the region", CABINET_MEMBER, "the council"),
)


def inspection_2023() -> Inspection:
    """The standard inspection of June 2023."""
    return Inspection(
        **PROVIDER,
        starts_on=date(2023, 6, 5),
        ends_on=date(2023, 6, 16),
        published_on=date(2023, 7, 28),
        lead_inspector="Tom Anthony HMI",
        report_url="https://files.ofsted.gov.uk/v1/file/50224705",
        headline="Good services for children. Outstanding leadership.",
        summary="Good overall, good in every area of work with children and young people, "
        "and outstanding for the impact of leaders.",
        duration_note="Counting its preparation, the inspection took three weeks in May and June 2023.",
        people_heard="more than 100 children, staff, parents and partners",
        to_improve=[
            "Enough places for children in our care to live, and enough short breaks",
            "First health and dental checks on time for children who come into care",
            "Support for young people who arrive here on their own, and homes and work for care leavers",
            "Our work with children who are privately fostered",
        ],
        judgements=judgements(JUDGED_2023),
        quotations=[
            Quotation(
                topic=topic,
                words=words,
                attributed_to=who,
                by_inspectors=who == INSPECTORS,
                about=about,
                position=place,
            )
            for place, (topic, words, who, about) in enumerate(SAID_2023, start=1)
        ],
    )


def inspection_2019() -> Inspection:
    """The standard inspection of November 2019, under the framework's earlier areas."""
    return Inspection(
        **PROVIDER,
        starts_on=date(2019, 11, 18),
        ends_on=date(2019, 11, 29),
        published_on=date(2020, 1, 9),
        lead_inspector="Nick Stacey HMI",
        report_url="",
        headline="Much to improve",
        summary="Every area judged, and the service overall, required improvement to be good. "
        "Care leavers were judged together with children in care.",
        duration_note="",
        people_heard="",
        to_improve=[],
        judgements=judgements(JUDGED_2019),
        quotations=[],
    )


def judgements(rows: tuple[tuple[Area, str, Grade], ...]) -> list[Judgement]:
    """Rows in the order the report has them."""
    return [
        Judgement(area=area, label=label, grade=grade, position=place)
        for place, (area, label, grade) in enumerate(rows, start=1)
    ]
