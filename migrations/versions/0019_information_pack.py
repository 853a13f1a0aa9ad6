"""When the information pack went to a household, or it said that it does not want one."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE, COLUMN, INDEX = "fostering_enquiries", "pack_settled_at", "ix_fostering_enquiries_pack_owed"
OWED = sa.text("pack_settled_at IS NULL")


def upgrade() -> None:
    op.add_column(TABLE, sa.Column(COLUMN, sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE fostering_enquiries SET pack_settled_at = (SELECT min(at) FROM fostering_activities "
        "WHERE enquiry_id = fostering_enquiries.id AND kind = 'INFO_PACK')"
    )
    columns = ["status", "received_at", "id"]
    op.create_index(INDEX, TABLE, columns, postgresql_where=OWED, sqlite_where=OWED)


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, COLUMN)
