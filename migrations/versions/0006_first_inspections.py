"""The inspection of 2023 and the one before it, so that a new installation has its landing page.

Facts: Ofsted's reports published on 28 July 2023 and 9 January 2020 (Open Government Licence v3.0). The
sentences are our own; only the short phrases below are quoted, each with who said it. The data stands here
and not in the program, which may know more columns by now.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BOTH: dict[str, Any] = {
    "version": 1,
    "status": "PUBLISHED",
    "provider": "Southampton City Council",
    "urn": 80558,
    "ons_code": "E06000045",
    "framework": "ILACS",
    "type": "STANDARD",
    "checked_on": date(2026, 6, 29),
}

INSPECTION_2019 = BOTH | {
    "starts_on": date(2019, 11, 18),
    "ends_on": date(2019, 11, 29),
    "published_on": date(2020, 1, 9),
    "lead_inspector": "Nick Stacey HMI",
    "report_url": "",
    "headline": "Much to improve",
    "summary": (
        "Every area judged, and the service overall, required improvement to be good."
        " Care leavers were judged together with children in care."
    ),
    "duration_note": "",
    "people_heard": "",
    "to_improve": [],
}

JUDGED_2019 = (
    (
        "LEADERS",
        "The impact of leaders on social work practice with children and families",
        "REQUIRES_IMPROVEMENT",
    ),
    (
        "HELP_PROTECTION",
        "The experiences and progress of children who need help and protection",
        "REQUIRES_IMPROVEMENT",
    ),
    ("IN_CARE", "The experiences and progress of children in care and care leavers", "REQUIRES_IMPROVEMENT"),
    ("OVERALL", "Overall effectiveness", "REQUIRES_IMPROVEMENT"),
)

INSPECTION_2023 = BOTH | {
    "starts_on": date(2023, 6, 5),
    "ends_on": date(2023, 6, 16),
    "published_on": date(2023, 7, 28),
    "lead_inspector": "Tom Anthony HMI",
    "report_url": "https://files.ofsted.gov.uk/v1/file/50224705",
    "headline": "Good services for children. Outstanding leadership.",
    "summary": (
        "Good overall, good in every area of work with children and young people, and"
        " outstanding for the impact of leaders."
    ),
    "duration_note": ("Counting its preparation, the inspection took three weeks in May and June 2023."),
    "people_heard": "more than 100 children, staff, parents and partners",
    "to_improve": [
        "Enough places for children in our care to live, and enough short breaks",
        "First health and dental checks on time for children who come into care",
        ("Support for young people who arrive here on their own, and homes and work for care leavers"),
        "Our work with children who are privately fostered",
    ],
}

JUDGED_2023 = (
    ("LEADERS", "The impact of leaders on social work practice with children and families", "OUTSTANDING"),
    ("HELP_PROTECTION", "The experiences and progress of children who need help and protection", "GOOD"),
    ("IN_CARE", "The experiences and progress of children in care", "GOOD"),
    ("CARE_LEAVERS", "The experiences and progress of care leavers", "GOOD"),
    ("OVERALL", "Overall effectiveness", "GOOD"),
)

INSPECTORS = "Ofsted inspectors"
DIRECTOR = "Rob Henderson, then Executive Director of Wellbeing (Children and Learning)"
CABINET_MEMBER = "Councillor Alex Winning, then Cabinet Member for Children and Learning"

SAID_2023 = (
    ("LEADERSHIP", "impressive", INSPECTORS, "the leadership of the service"),
    (
        "CULTURE",
        (
            "creating a culture in which staff work compassionately and collaboratively "
            "with families and partner agencies"
        ),
        INSPECTORS,
        "morale and culture",
    ),
    (
        "LEADERSHIP",
        "clear vision, ambition and energy",
        INSPECTORS,
        "what leaders, with political and corporate commitment, gave the service",
    ),
    (
        "HELP",
        "children in need of help and protection receive a timely and effective service",
        INSPECTORS,
        "help and protection",
    ),
    ("CARE", "sensitivity and kindness", INSPECTORS, "how social workers support children in care"),
    (
        "LEAVERS",
        "high-quality",
        INSPECTORS,
        "support to care leavers, through warm relationships and practical help",
    ),
    ("DISABILITY", "holistic, high-quality service", INSPECTORS, "children with disabilities"),
    ("WORKFORCE", "highly effective recruitment throughout the service", INSPECTORS, "the workforce"),
    ("WORKFORCE", "almost fully permanent workforce", INSPECTORS, "the workforce"),
    ("TRAINING", "thoughtfully commissioned", INSPECTORS, "training and development"),
    ("TRAINING", "widely available", INSPECTORS, "training and development"),
    (
        "MANAGERS",
        (
            "energetic and responsive frontline managers who maintain clear, confident "
            "and close oversight of children’s progress"
        ),
        INSPECTORS,
        "managers",
    ),
    ("CULTURE", "one of care, kindness and genuine learning", DIRECTOR, "the culture"),
    ("COUNCIL", "employer of choice for practitioners across the region", CABINET_MEMBER, "the council"),
)


inspections = sa.table(
    "inspections",
    sa.column("id"),
    *(sa.column(name) for name in INSPECTION_2023 if name != "to_improve" and not name.endswith("_on")),
    *(sa.column(name, sa.Date()) for name in INSPECTION_2023 if name.endswith("_on")),
    sa.column(
        "to_improve",
        sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
    ),
)
JUDGEMENT = ("inspection_id", "position", "area", "label", "grade")
QUOTATION = ("inspection_id", "position", "topic", "words", "attributed_to", "about", "by_inspectors")
judgements = sa.table("inspection_judgements", *(sa.column(name) for name in JUDGEMENT))
quotations = sa.table("inspection_quotations", *(sa.column(name) for name in QUOTATION))


def upgrade() -> None:
    connection = op.get_bind()
    added = inspections.insert().returning(inspections.c.id)
    for inspection, judged, said in (
        (INSPECTION_2019, JUDGED_2019, ()),
        (INSPECTION_2023, JUDGED_2023, SAID_2023),
    ):
        identifier = connection.execute(added, inspection).scalar_one()
        for place, row in enumerate(judged, start=1):
            values = dict(zip(JUDGEMENT, (identifier, place, *row), strict=True))
            connection.execute(judgements.insert(), values)
        for place, (topic, words, who, about) in enumerate(said, start=1):
            values = (identifier, place, topic, words, who, about, who == INSPECTORS)
            connection.execute(quotations.insert(), dict(zip(QUOTATION, values, strict=True)))


def downgrade() -> None:
    for table in (judgements, quotations, inspections):
        op.get_bind().execute(table.delete())
