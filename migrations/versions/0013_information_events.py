"""Information events about fostering and who booked; mails may carry a calendar file."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("outgoing_mails", sa.Column("calendar", sa.Text(), nullable=True))
    op.create_table(
        "fostering_events",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("join_link", sa.String(length=300), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.Column("cancel_note", sa.String(length=300), nullable=True),
        sa.Column("attendance_at", INSTANT, nullable=True),
        sa.Column("came", sa.SmallInteger(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_fostering_events_somebody_fits")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_fostering_events_ends_after_start")),
        sa.CheckConstraint(
            "place IS NOT NULL OR join_link IS NOT NULL", name=op.f("ck_fostering_events_is_somewhere")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["staff_users.id"], name=op.f("fk_fostering_events_created_by_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_events")),
        sa.UniqueConstraint("reference", name=op.f("uq_fostering_events_reference")),
    )
    op.create_index("ix_fostering_events_starts", "fostering_events", ["starts_at"])
    op.create_table(
        "fostering_event_bookings",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("enquiry_id", ID, nullable=True),
        sa.Column("submission_key", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("booked_at", INSTANT, nullable=False),
        sa.Column("booked_by_id", ID, nullable=True),
        sa.Column("first_name", sa.String(length=60), nullable=False),
        sa.Column("last_name", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("access_needs", sa.String(length=200), nullable=True),
        sa.Column("writes", sa.Boolean(), nullable=False),
        sa.Column("quarantined", sa.Boolean(), nullable=False),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.Column("given_up_by", sa.String(length=40), nullable=True),
        sa.Column("attendance", sa.String(length=40), nullable=True),
        sa.CheckConstraint("people BETWEEN 1 AND 4", name=op.f("ck_fostering_event_bookings_people")),
        sa.ForeignKeyConstraint(
            ["booked_by_id"],
            ["staff_users.id"],
            name=op.f("fk_fostering_event_bookings_booked_by_id_staff_users"),
        ),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["fostering_enquiries.id"],
            name=op.f("fk_fostering_event_bookings_enquiry_id_fostering_enquiries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["fostering_events.id"],
            name=op.f("fk_fostering_event_bookings_event_id_fostering_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_event_bookings")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_fostering_event_bookings_submission_key")),
        sa.UniqueConstraint("token", name=op.f("uq_fostering_event_bookings_token")),
    )
    op.create_index(
        "ix_fostering_event_bookings_enquiry",
        "fostering_event_bookings",
        ["enquiry_id"],
        postgresql_where=sa.text("enquiry_id IS NOT NULL"),
        sqlite_where=sa.text("enquiry_id IS NOT NULL"),
    )
    op.create_index("ix_fostering_event_bookings_event", "fostering_event_bookings", ["event_id", "id"])
    op.create_index(
        "uq_fostering_event_bookings_household",
        "fostering_event_bookings",
        ["event_id", "enquiry_id"],
        unique=True,
        postgresql_where=sa.text("cancelled_at IS NULL AND enquiry_id IS NOT NULL"),
        sqlite_where=sa.text("cancelled_at IS NULL AND enquiry_id IS NOT NULL"),
    )
    op.create_index(
        "uq_fostering_event_bookings_mailbox",
        "fostering_event_bookings",
        ["event_id", "email_key"],
        unique=True,
        postgresql_where=sa.text("cancelled_at IS NULL AND email_key IS NOT NULL"),
        sqlite_where=sa.text("cancelled_at IS NULL AND email_key IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("fostering_event_bookings")
    op.drop_table("fostering_events")
    op.drop_column("outgoing_mails", "calendar")
