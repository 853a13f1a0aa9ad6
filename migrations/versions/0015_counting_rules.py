"""How the service counts enquiries, and the rows that stay countable when enquiries are made anonymous."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def code(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=40), nullable=nullable)


def days(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=True)


def upgrade() -> None:
    op.create_table(
        "fostering_anonymous_enquiries",
        sa.Column("id", ID, nullable=False),
        sa.Column("fy", sa.SmallInteger(), nullable=False),
        sa.Column("received_month", sa.String(length=7), nullable=False),
        code("channel", nullable=False),
        code("heard_from"),
        sa.Column("hub", sa.Boolean(), nullable=False),
        code("area"),
        code("enquirer_type"),
        sa.Column("care_types", JSON, nullable=False),
        code("availability"),
        code("housing"),
        sa.Column("spare_bedrooms_band", sa.String(length=4), nullable=True),
        code("fostering_status"),
        sa.Column("flags", JSON, nullable=False),
        days("hours_to_first_attempt"),
        days("days_to_first_attempt"),
        days("days_to_contact"),
        days("days_to_visit"),
        days("days_to_application"),
        days("days_to_decision"),
        code("furthest_stage", nullable=False),
        code("outcome", nullable=False),
        code("closure_code"),
        sa.Column("closed_month", sa.String(length=7), nullable=True),
        sa.Column("attempt_on_time", sa.Boolean(), nullable=True),
        sa.Column("contact_on_time", sa.Boolean(), nullable=True),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column("applications", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_anonymous_enquiries")),
    )
    op.create_index(
        "ix_fostering_anonymous_enquiries_month", "fostering_anonymous_enquiries", ["received_month", "id"]
    )
    op.create_table(
        "fostering_counting_rules",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("excluded", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff_users.id"], name=op.f("fk_fostering_counting_rules_by_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_counting_rules")),
        sa.UniqueConstraint("number", name=op.f("uq_fostering_counting_rules_number")),
    )
    op.add_column(
        "fostering_enquiries",
        sa.Column("household_counted", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.create_index(
        "ix_fostering_enquiries_applied",
        "fostering_enquiries",
        ["application_at", "id"],
        postgresql_where=sa.text("application_at IS NOT NULL"),
        sqlite_where=sa.text("application_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_fostering_enquiries_applied", table_name="fostering_enquiries")
    op.drop_column("fostering_enquiries", "household_counted")
    op.drop_table("fostering_counting_rules")
    op.drop_table("fostering_anonymous_enquiries")
