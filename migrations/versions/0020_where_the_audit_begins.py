"""Where the audit log begins once its oldest events have gone; known again if this was taken back since."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
LAST_CUT = "SELECT facts FROM audit_events WHERE event = 'audit.cut' ORDER BY id DESC LIMIT 1"


def upgrade() -> None:
    op.add_column("audit_head", sa.Column("cut_hash", sa.String(64), nullable=False, server_default=GENESIS))
    op.add_column(
        "audit_head", sa.Column("cut_count", sa.Integer, nullable=False, server_default=sa.text("0"))
    )
    connection = op.get_bind()
    told = connection.execute(sa.text(LAST_CUT)).scalar()
    if told is not None:
        facts = json.loads(told) if isinstance(told, str) else told
        connection.execute(sa.text("UPDATE audit_head SET cut_hash = :last, cut_count = :gone"), facts)


def downgrade() -> None:
    op.drop_column("audit_head", "cut_count")
    op.drop_column("audit_head", "cut_hash")
