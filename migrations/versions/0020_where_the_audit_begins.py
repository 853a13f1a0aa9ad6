"""Where the audit log begins once its oldest events have gone."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

GENESIS = "0" * 64


def upgrade() -> None:
    op.add_column("audit_head", sa.Column("cut_hash", sa.String(64), nullable=False, server_default=GENESIS))
    op.add_column(
        "audit_head", sa.Column("cut_count", sa.Integer, nullable=False, server_default=sa.text("0"))
    )


def downgrade() -> None:
    op.drop_column("audit_head", "cut_count")
    op.drop_column("audit_head", "cut_hash")
