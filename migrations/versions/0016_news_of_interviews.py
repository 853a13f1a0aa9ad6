"""What an answer says of an interview, and when that interview is or was to be."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("application_messages", sa.Column("news", sa.String(length=40), nullable=True))
    op.add_column("application_messages", sa.Column("interview_at", INSTANT, nullable=True))


def downgrade() -> None:
    op.drop_column("application_messages", "interview_at")
    op.drop_column("application_messages", "news")
