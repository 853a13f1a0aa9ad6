"""Candidates, their drafts, applications with history, notes and answers, and equality answers apart."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
LIVE = sa.text("status <> 'withdrawn'")


def upgrade() -> None:
    op.add_column("sessions", sa.Column("candidate_id", ID, nullable=True))
    op.create_index(op.f("ix_sessions_candidate_id"), "sessions", ["candidate_id"])
    op.create_table(
        "candidate_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("onwards", JSON, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_candidate_links_token_hash")),
    )
    op.create_index(op.f("ix_candidate_links_email_key"), "candidate_links", ["email_key"])
    op.create_index(op.f("ix_candidate_links_expires_at"), "candidate_links", ["expires_at"])
    op.create_table(
        "candidates",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("signed_in_at", INSTANT, nullable=False),
        sa.Column("warned_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("email_key", name=op.f("uq_candidates_email_key")),
    )
    op.create_index(op.f("ix_candidates_signed_in_at"), "candidates", ["signed_in_at"])
    op.create_table(
        "application_drafts",
        sa.Column("id", ID, nullable=False),
        sa.Column("candidate_id", ID, nullable=False),
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("closes_at_told", INSTANT, nullable=True),
        sa.Column("reminded", JSON, nullable=False),
        sa.Column("imported_from", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidates.id"],
            name=op.f("fk_application_drafts_candidate_id_candidates"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_application_drafts_vacancy_id_vacancies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_drafts")),
        sa.UniqueConstraint(
            "candidate_id", "vacancy_id", name=op.f("uq_application_drafts_candidate_id_vacancy_id")
        ),
    )
    op.create_index(op.f("ix_application_drafts_vacancy_id"), "application_drafts", ["vacancy_id"])
    op.create_table(
        "applications",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("candidate_id", ID, nullable=True),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("form_version", sa.String(length=40), nullable=False),
        sa.Column("notice_version", sa.String(length=40), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_since", INSTANT, nullable=False),
        sa.Column("told_status", sa.String(length=40), nullable=False),
        sa.Column("outcome_reasons", JSON, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_from", sa.String(length=40), nullable=True),
        sa.Column("withdrawal_reason", sa.String(length=40), nullable=True),
        sa.Column("shortlisted_at", INSTANT, nullable=True),
        sa.Column("interview_at", INSTANT, nullable=True),
        sa.Column("interview_mode", sa.String(length=40), nullable=True),
        sa.Column("interview_place", sa.String(length=200), nullable=True),
        sa.Column("offered_at", INSTANT, nullable=True),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("told_late_at", INSTANT, nullable=True),
        sa.Column("hold_reason", sa.String(length=200), nullable=True),
        sa.Column("held_at", INSTANT, nullable=True),
        sa.Column("held_by_id", ID, nullable=True),
        sa.Column("equality_mark", sa.String(length=64), nullable=True),
        sa.Column("given_names", sa.String(length=100), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("preferred_name", sa.String(length=100), nullable=True),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("postcode", sa.String(length=12), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("right_to_work", sa.String(length=40), nullable=False),
        sa.Column("registration_body", sa.String(length=40), nullable=True),
        sa.Column("registration_number", sa.String(length=20), nullable=True),
        sa.Column("registration_status", sa.String(length=40), nullable=True),
        sa.Column("asye_status", sa.String(length=40), nullable=True),
        sa.Column("highest_qualification", sa.String(length=200), nullable=True),
        sa.Column("current_employer", sa.String(length=200), nullable=True),
        sa.Column("current_job_title", sa.String(length=200), nullable=True),
        sa.Column("gap_count", sa.Integer(), nullable=False),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("disability_confident", sa.Boolean(), nullable=False),
        sa.Column("other_schemes", JSON, nullable=False),
        sa.Column("adjustments_needed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("snapshot", JSON, nullable=False),
        sa.Column("advert", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidates.id"],
            name=op.f("fk_applications_candidate_id_candidates"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["held_by_id"], ["staff_users.id"], name=op.f("fk_applications_held_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_applications_vacancy_id_vacancies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("reference", name=op.f("uq_applications_reference")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_applications_submission_key")),
    )
    op.create_index(op.f("ix_applications_candidate_id"), "applications", ["candidate_id"])
    op.create_index("ix_applications_list", "applications", ["vacancy_id", "status", "submitted_at", "id"])
    op.create_index("ix_applications_names", "applications", ["vacancy_id", "status", "name_key", "id"])
    op.create_index(
        "uq_applications_live",
        "applications",
        ["vacancy_id", "candidate_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_table(
        "equality_answers",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("lists_version", sa.String(length=40), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("stage_reached", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_equality_answers_vacancy_id_vacancies")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_equality_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_equality_answers_vacancy_id"), "equality_answers", ["vacancy_id"])
    op.create_table(
        "equality_figures",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("quarter", sa.String(length=8), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.Column("tables", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equality_figures")),
        sa.UniqueConstraint("name", name=op.f("uq_equality_figures_name")),
    )
    op.create_index(op.f("ix_equality_figures_quarter"), "equality_figures", ["quarter"])
    op.create_table(
        "equality_counted",
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("figures_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["figures_id"],
            ["equality_figures.id"],
            name=op.f("fk_equality_counted_figures_id_equality_figures"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_equality_counted_vacancy_id_vacancies")
        ),
        sa.PrimaryKeyConstraint("vacancy_id", name=op.f("pk_equality_counted")),
    )
    op.create_index(op.f("ix_equality_counted_figures_id"), "equality_counted", ["figures_id"])
    op.create_table(
        "application_history",
        sa.Column("id", ID, nullable=False),
        sa.Column("application_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("from_status", sa.String(length=40), nullable=True),
        sa.Column("to_status", sa.String(length=40), nullable=True),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("before", JSON, nullable=True),
        sa.Column("undoes_id", ID, nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_history_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff_users.id"], name=op.f("fk_application_history_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["application_history.id"],
            name=op.f("fk_application_history_undoes_id_application_history"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_history")),
    )
    op.create_index("ix_application_history_application", "application_history", ["application_id", "id"])
    op.create_table(
        "application_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("application_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_notes_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff_users.id"], name=op.f("fk_application_notes_by_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_notes")),
    )
    op.create_index(op.f("ix_application_notes_application_id"), "application_notes", ["application_id"])
    op.create_table(
        "application_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("application_id", ID, nullable=False),
        sa.Column("history_id", ID, nullable=True),
        sa.Column("tells", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        sa.Column("edited_by_name", sa.String(length=120), nullable=True),
        sa.Column("held_reason", sa.String(length=200), nullable=True),
        sa.Column("held_at", INSTANT, nullable=True),
        sa.Column("held_by_name", sa.String(length=120), nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("sent_by_id", ID, nullable=True),
        sa.Column("mail_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_messages_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["history_id"],
            ["application_history.id"],
            name=op.f("fk_application_messages_history_id_application_history"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["staff_users.id"], name=op.f("fk_application_messages_sent_by_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_messages")),
    )
    op.create_index(
        op.f("ix_application_messages_application_id"), "application_messages", ["application_id"]
    )
    op.create_index("ix_application_messages_waiting", "application_messages", ["state", "id"])
    op.create_table(
        "vacancy_holds",
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("held_at", INSTANT, nullable=False),
        sa.Column("held_by_id", ID, nullable=True),
        sa.Column("held_by_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["held_by_id"], ["staff_users.id"], name=op.f("fk_vacancy_holds_held_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_vacancy_holds_vacancy_id_vacancies")
        ),
        sa.PrimaryKeyConstraint("vacancy_id", name=op.f("pk_vacancy_holds")),
    )
    op.create_table(
        "application_statistics",
        sa.Column("id", ID, nullable=False),
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("shortlisted", sa.Boolean(), nullable=False),
        sa.Column("interviewed", sa.Boolean(), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("answered_on_time", sa.Boolean(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_application_statistics_vacancy_id_vacancies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_statistics")),
    )
    op.create_index(op.f("ix_application_statistics_vacancy_id"), "application_statistics", ["vacancy_id"])
    op.create_table(
        "decision_reminders",
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_decision_reminders_vacancy_id_vacancies")
        ),
        sa.PrimaryKeyConstraint("vacancy_id", "promised_on", name=op.f("pk_decision_reminders")),
    )
    op.create_table(
        "late_admissions",
        sa.Column("id", ID, nullable=False),
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("admitted_at", INSTANT, nullable=False),
        sa.Column("admitted_by_id", ID, nullable=True),
        sa.Column("admitted_by_name", sa.String(length=120), nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["admitted_by_id"], ["staff_users.id"], name=op.f("fk_late_admissions_admitted_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_late_admissions_vacancy_id_vacancies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_admissions")),
    )
    op.create_index("ix_late_admissions_vacancy", "late_admissions", ["vacancy_id", "email_key"])
    op.create_table(
        "undecided_reminders",
        sa.Column("vacancy_id", ID, nullable=False),
        sa.Column("reminded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name=op.f("fk_undecided_reminders_vacancy_id_vacancies")
        ),
        sa.PrimaryKeyConstraint("vacancy_id", name=op.f("pk_undecided_reminders")),
    )


def downgrade() -> None:
    op.drop_table("undecided_reminders")
    op.drop_table("late_admissions")
    op.drop_table("decision_reminders")
    op.drop_table("application_statistics")
    op.drop_table("vacancy_holds")
    op.drop_table("application_messages")
    op.drop_table("application_notes")
    op.drop_table("application_history")
    op.drop_table("equality_counted")
    op.drop_table("equality_figures")
    op.drop_table("equality_answers")
    op.drop_table("applications")
    op.drop_table("application_drafts")
    op.drop_table("candidates")
    op.drop_table("candidate_links")
    op.drop_index(op.f("ix_sessions_candidate_id"), "sessions")
    op.drop_column("sessions", "candidate_id")
