"""Messages to families, addresses at which mail does not arrive, and links to a household's own enquiry."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
FAILED = "ix_fostering_enquiries_email_failed"


def upgrade() -> None:
    op.add_column("fostering_enquiries", sa.Column("email_failed_at", INSTANT, nullable=True))
    op.add_column("fostering_enquiries", sa.Column("due_before_failure", INSTANT, nullable=True))
    known = sa.text("email_failed_at IS NOT NULL")
    columns = ["email_failed_at", "id"]
    op.create_index(FAILED, "fostering_enquiries", columns, postgresql_where=known, sqlite_where=known)
    op.create_table(
        "fostering_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("closure_code", sa.String(length=40), nullable=True),
        sa.Column("about_at", INSTANT, nullable=True),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("written_by_name", sa.String(length=120), nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        sa.Column("edited_by_name", sa.String(length=120), nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("sent_by_id", ID, nullable=True),
        sa.Column("sent_by_name", sa.String(length=120), nullable=True),
        sa.Column("mail_id", ID, nullable=True),
        sa.Column("undelivered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["fostering_enquiries.id"],
            name=op.f("fk_fostering_messages_enquiry_id_fostering_enquiries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["staff_users.id"], name=op.f("fk_fostering_messages_sent_by_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_messages")),
    )
    op.create_index("ix_fostering_messages_enquiry", "fostering_messages", ["enquiry_id", "id"])
    op.create_index("ix_fostering_messages_waiting", "fostering_messages", ["state", "id"])
    op.create_index("ix_fostering_messages_mail", "fostering_messages", ["mail_id"])
    op.create_table(
        "fostering_own_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("enquiry_id", ID, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["fostering_enquiries.id"],
            name=op.f("fk_fostering_own_links_enquiry_id_fostering_enquiries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_own_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_fostering_own_links_token_hash")),
    )
    op.create_index("ix_fostering_own_links_enquiry", "fostering_own_links", ["enquiry_id"])
    op.create_index("ix_fostering_own_links_expires", "fostering_own_links", ["expires_at"])


def downgrade() -> None:
    op.drop_table("fostering_own_links")
    op.drop_table("fostering_messages")
    op.drop_index(FAILED, table_name="fostering_enquiries")
    op.drop_column("fostering_enquiries", "due_before_failure")
    op.drop_column("fostering_enquiries", "email_failed_at")
