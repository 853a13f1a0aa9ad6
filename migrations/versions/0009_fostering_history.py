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
    op.add_column("fostering_enquiries", sa.Column("phone_wrong_at", INSTANT, nullable=True))
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
    staff = {
        name: sa.ForeignKeyConstraint(
            [name], ["staff_users.id"], name=op.f(f"fk_fostering_covers_{name}_staff_users")
        )
        for name in ("arranged_by_id", "cover_id", "person_id")
    }
    op.create_table(
        "fostering_covers",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("cover_id", ID, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("arranged_by_id", ID, nullable=True),
        sa.Column("arranged_at", INSTANT, nullable=False),
        sa.CheckConstraint("person_id <> cover_id", name=op.f("ck_fostering_covers_two_people")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_fostering_covers_days_in_order")),
        *staff.values(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_covers")),
    )
    op.create_index("ix_fostering_covers_cover", "fostering_covers", ["cover_id", "last_day"])
    op.create_index("ix_fostering_covers_person", "fostering_covers", ["person_id", "last_day"])


def downgrade() -> None:
    op.drop_table("fostering_covers")
    op.drop_table("fostering_history")
    op.drop_index("ix_outgoing_mails_about", table_name="outgoing_mails")
    op.drop_column("outgoing_mails", "about")
    op.drop_column("fostering_enquiries", "phone_wrong_at")
    op.drop_column("fostering_enquiries", "stage_since")
