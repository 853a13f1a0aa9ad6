"""Unfinished adverts, templates, revisions and alerts; what an advert says of answers and evidence."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
LISTS = {
    "waiting": (
        "submitted_at",
        "approved_at IS NULL AND archived_at IS NULL AND cancelled_at IS NULL AND outcome IS NULL",
    ),
    "running": (
        "closes_at",
        "approved_at IS NOT NULL AND archived_at IS NULL AND cancelled_at IS NULL AND outcome IS NULL",
    ),
    "finished": ("updated_at", "archived_at IS NULL AND (outcome IS NOT NULL OR cancelled_at IS NOT NULL)"),
    "put_away": ("archived_at", "archived_at IS NOT NULL"),
}
NEW_COLUMNS = ("relisted", "answer_style", "evidence", "writers")


def upgrade() -> None:
    # Added, not made by a batch: the table keeps its place, and the keyword search its triggers.
    op.add_column("vacancies", sa.Column("relisted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "vacancies",
        sa.Column("answer_style", sa.String(length=40), nullable=False, server_default="criteria"),
    )
    op.add_column("vacancies", sa.Column("evidence", JSON, nullable=False, server_default="[]"))
    op.add_column("vacancies", sa.Column("writers", sa.Text(), nullable=False, server_default=" "))
    op.add_column("outgoing_mails", sa.Column("unsubscribe_url", sa.String(length=500), nullable=True))
    for name, (column, rule) in LISTS.items():
        where = {"sqlite_where": sa.text(rule), "postgresql_where": sa.text(rule)}
        op.create_index(f"ix_vacancies_{name}", "vacancies", [column, "id"], **where)
    op.create_table(
        "inspection_drafts",
        sa.Column("id", ID, nullable=False),
        sa.Column("inspection_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("updated_by_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
            name=op.f("fk_inspection_drafts_inspection_id_inspections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_drafts")),
        sa.UniqueConstraint("inspection_id", name=op.f("uq_inspection_drafts_inspection_id")),
    )
    op.create_table(
        "vacancy_drafts",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("vacancy_id", ID, nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("copied_from_id", ID, nullable=True),
        sa.Column("relisted", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("created_by_name", sa.String(length=120), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("updated_by_name", sa.String(length=120), nullable=False),
        sa.Column("writers", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["vacancies.id"], name=op.f("fk_vacancy_drafts_copied_from_id_vacancies")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["staff_users.id"], name=op.f("fk_vacancy_drafts_created_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_vacancy_drafts_vacancy_id_vacancies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_drafts")),
        sa.UniqueConstraint("reference", name=op.f("uq_vacancy_drafts_reference")),
        sa.UniqueConstraint("vacancy_id", name=op.f("uq_vacancy_drafts_vacancy_id")),
    )
    op.create_index(op.f("ix_vacancy_drafts_updated_at"), "vacancy_drafts", ["updated_at"])
    op.create_table(
        "vacancy_templates",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("updated_by_name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_templates")),
        sa.UniqueConstraint("name", name=op.f("uq_vacancy_templates_name")),
    )
    op.create_table(
        "vacancy_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_vacancy_numbers")),
    )
    op.create_table(
        "vacancy_revisions",
        sa.Column("id", ID, nullable=False),
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff_users.id"], name=op.f("fk_vacancy_revisions_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"],
            ["vacancies.id"],
            name=op.f("fk_vacancy_revisions_vacancy_id_vacancies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_revisions")),
        sa.UniqueConstraint("vacancy_id", "number", name=op.f("uq_vacancy_revisions_vacancy_id_number")),
    )
    op.create_table(
        "vacancy_alert_mailboxes",
        sa.Column("id", ID, nullable=False),
        sa.Column("mailbox", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("list_hash", sa.String(length=64), nullable=True),
        sa.Column("list_until", INSTANT, nullable=True),
        sa.Column("last_mail_on", sa.Date(), nullable=True),
        sa.Column("last_mail_id", ID, nullable=True),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_alert_mailboxes")),
        sa.UniqueConstraint("list_hash", name=op.f("uq_vacancy_alert_mailboxes_list_hash")),
        sa.UniqueConstraint("mailbox", name=op.f("uq_vacancy_alert_mailboxes_mailbox")),
        sa.UniqueConstraint("token", name=op.f("uq_vacancy_alert_mailboxes_token")),
    )
    op.create_table(
        "vacancy_alert_stops",
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reason", name=op.f("pk_vacancy_alert_stops")),
    )
    op.create_table(
        "vacancy_alerts",
        sa.Column("id", ID, nullable=False),
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("confirm_hash", sa.String(length=64), nullable=True),
        sa.Column("confirm_until", INSTANT, nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("frequency", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("kept_at", INSTANT, nullable=True),
        sa.Column("keep_by", INSTANT, nullable=True),
        sa.Column("told_until", INSTANT, nullable=False),
        sa.Column("next_look_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["mailbox_id"],
            ["vacancy_alert_mailboxes.id"],
            name=op.f("fk_vacancy_alerts_mailbox_id_vacancy_alert_mailboxes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_alerts")),
        sa.UniqueConstraint("confirm_hash", name=op.f("uq_vacancy_alerts_confirm_hash")),
        sa.UniqueConstraint("token", name=op.f("uq_vacancy_alerts_token")),
    )
    op.create_index("ix_vacancy_alerts_due", "vacancy_alerts", ["status", "next_look_at"])
    op.create_index(op.f("ix_vacancy_alerts_keep_by"), "vacancy_alerts", ["keep_by"])
    op.create_index(op.f("ix_vacancy_alerts_mailbox_id"), "vacancy_alerts", ["mailbox_id"])
    op.create_table(
        "vacancy_alerts_told",
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["mailbox_id"],
            ["vacancy_alert_mailboxes.id"],
            name=op.f("fk_vacancy_alerts_told_mailbox_id_vacancy_alert_mailboxes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"],
            ["vacancies.id"],
            name=op.f("fk_vacancy_alerts_told_vacancy_id_vacancies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mailbox_id", "vacancy_id", name=op.f("pk_vacancy_alerts_told")),
    )
    op.create_index(op.f("ix_vacancy_alerts_told_told_at"), "vacancy_alerts_told", ["told_at"])
    op.create_index(op.f("ix_vacancy_alerts_told_vacancy_id"), "vacancy_alerts_told", ["vacancy_id"])


def downgrade() -> None:
    op.drop_table("inspection_drafts")
    op.drop_table("vacancy_alerts_told")
    op.drop_table("vacancy_alerts")
    op.drop_table("vacancy_alert_stops")
    op.drop_table("vacancy_alert_mailboxes")
    op.drop_table("vacancy_revisions")
    op.drop_table("vacancy_numbers")
    op.drop_table("vacancy_templates")
    op.drop_table("vacancy_drafts")
    for name in LISTS:
        op.drop_index(f"ix_vacancies_{name}", table_name="vacancies")
    op.drop_column("outgoing_mails", "unsubscribe_url")
    for name in reversed(NEW_COLUMNS):
        op.drop_column("vacancies", name)
