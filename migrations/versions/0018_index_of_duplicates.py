"""An index of duplicates by the enquiry that stays: merging and comparing look for them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_fostering_enquiries_duplicate", "fostering_enquiries"


def upgrade() -> None:
    known = sa.text("duplicate_of_id IS NOT NULL")
    op.create_index(NAME, TABLE, ["duplicate_of_id"], postgresql_where=known, sqlite_where=known)


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
