"""How far a household came in a year by enquiries that are gone, and whose month that belongs to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
COLUMNS = {
    "fostering_enquiries": ("household_month", "household_reached"),
    "fostering_anonymous_enquiries": ("reached_month", "reached"),
}


def upgrade() -> None:
    for table, (month, steps) in COLUMNS.items():
        op.add_column(table, sa.Column(month, sa.String(length=7), nullable=True))
        op.add_column(table, sa.Column(steps, JSON, nullable=True))


def downgrade() -> None:
    for table, (month, steps) in COLUMNS.items():
        op.drop_column(table, steps)
        op.drop_column(table, month)
