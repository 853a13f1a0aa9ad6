"""Information events about fostering and who booked; mails may carry a calendar file."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outgoing_mails", sa.Column("calendar", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("outgoing_mails", "calendar")
