"""What was done to an enquiry beside the contacts, since when it is in its stage, and the mails about it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("fostering_enquiries", sa.Column("stage_since", INSTANT, nullable=True))
    op.add_column("outgoing_mails", sa.Column("about", sa.String(length=40), nullable=True))
    op.create_index(
        "ix_outgoing_mails_about",
        "outgoing_mails",
        ["about"],
        postgresql_where=sa.text("about IS NOT NULL"),
        sqlite_where=sa.text("about IS NOT NULL"),
    )
    op.create_table(
        "fostering_history",
        sa.Column("id", ID, nullable=False),
        sa.Column("enquiry_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("from_stage", sa.String(length=40), nullable=True),
        sa.Column("to_stage", sa.String(length=40), nullable=True),
        sa.Column("closure_code", sa.String(length=40), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff_users.id"], name=op.f("fk_fostering_history_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["fostering_enquiries.id"],
            name=op.f("fk_fostering_history_enquiry_id_fostering_enquiries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_history")),
    )
    op.create_index("ix_fostering_history_enquiry", "fostering_history", ["enquiry_id", "at", "id"])


def downgrade() -> None:
    op.drop_table("fostering_history")
    op.drop_index("ix_outgoing_mails_about", table_name="outgoing_mails")
    op.drop_column("outgoing_mails", "about")
    op.drop_column("fostering_enquiries", "stage_since")
