"""The service teams that adverts belong to, so that a new installation can write one.

The front door, MASH, the emergency duty team, JIGSAW, the Young People's Service, Youth Justice and the
LADO are public knowledge; the others are what most councils have.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FIRST_TEAMS = (
    ("front-door", "Children’s Resource Service (front door)"),
    ("mash", "MASH (multi-agency safeguarding hub)"),
    ("emergency-duty", "Emergency Duty Team"),
    ("assessment", "Assessment"),
    ("family-safeguarding", "Family Safeguarding"),
    ("children-in-care", "Children in care"),
    ("care-leavers", "Care leavers (Pathways)"),
    ("fostering", "Fostering"),
    ("adoption", "Adoption"),
    ("jigsaw", "JIGSAW (children with disabilities)"),
    ("young-people", "Young People’s Service (exploitation)"),
    ("youth-justice", "Youth Justice Service"),
    ("reviewing-officers", "Independent reviewing officers and child protection chairs"),
    ("lado", "LADO (allegations against people who work with children)"),
    ("quality", "Quality assurance and practice development"),
    ("educational-psychology", "Educational Psychology"),
    ("psychology-in-care", "Psychology for children in care"),
    ("send", "SEND (special educational needs and disabilities)"),
    ("family-help", "Family help"),
    ("residential", "Residential"),
)

teams = sa.table("service_teams", sa.column("slug"), sa.column("name"), sa.column("position"))


def upgrade() -> None:
    rows = [
        {"slug": slug, "name": name, "position": position}
        for position, (slug, name) in enumerate(FIRST_TEAMS, 1)
    ]
    op.bulk_insert(teams, rows)


def downgrade() -> None:
    op.get_bind().execute(teams.delete())
