"""When a household was told of the decision, by word of mouth and in writing."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
COLUMNS = ("decision_told_at", "decision_notice_at")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("fostering_enquiries", sa.Column(name, INSTANT, nullable=True))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("fostering_enquiries", name)
