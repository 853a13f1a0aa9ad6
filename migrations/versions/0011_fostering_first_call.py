"""The first call, what was read and passed on, and restricted records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
ENQUIRIES = "fostering_enquiries"
GUARDED = ("words_read_at", "concern_at", "concern_passed_at", "restricted_at")
FOUND_BY = {"restricted": "restricted_at", "concern": "concern_at"}


def upgrade() -> None:
    for name in GUARDED:
        op.add_column(ENQUIRIES, sa.Column(name, INSTANT, nullable=True))
    for name, column in FOUND_BY.items():
        op.create_index(
            f"ix_fostering_enquiries_{name}",
            ENQUIRIES,
            [column, "id"],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
            sqlite_where=sa.text(f"{column} IS NOT NULL"),
        )
    op.create_table(
        "fostering_readers",
        sa.Column("id", ID, nullable=False),
        sa.Column("enquiry_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("named_by_id", ID, nullable=True),
        sa.Column("named_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["fostering_enquiries.id"],
            name=op.f("fk_fostering_readers_enquiry_id_fostering_enquiries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["staff_users.id"], name=op.f("fk_fostering_readers_person_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["named_by_id"], ["staff_users.id"], name=op.f("fk_fostering_readers_named_by_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_readers")),
        sa.UniqueConstraint("enquiry_id", "person_id", name="uq_fostering_readers_person"),
    )
    op.create_index("ix_fostering_readers_person", "fostering_readers", ["person_id", "enquiry_id"])

    op.create_table(
        "fostering_first_calls",
        sa.Column("id", ID, nullable=False),
        sa.Column("enquiry_id", ID, nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["fostering_enquiries.id"],
            name=op.f("fk_fostering_first_calls_enquiry_id_fostering_enquiries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff_users.id"], name=op.f("fk_fostering_first_calls_by_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_first_calls")),
        sa.UniqueConstraint("enquiry_id", name="uq_fostering_first_calls_enquiry"),
    )


def downgrade() -> None:
    op.drop_table("fostering_first_calls")
    op.drop_table("fostering_readers")
    for name in FOUND_BY:
        op.drop_index(f"ix_fostering_enquiries_{name}", table_name=ENQUIRIES)
    for name in reversed(GUARDED):
        op.drop_column(ENQUIRIES, name)
