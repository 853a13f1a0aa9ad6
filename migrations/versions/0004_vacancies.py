"""Vacancies with criteria, panel and decisions, and their keyword search."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# As the search stood when this revision was written: what the program makes now must not matter here.
SQLITE_CREATE = (
    """CREATE VIRTUAL TABLE vacancy_search
    USING fts5(title, facts, words, tokenize='porter unicode61 remove_diacritics 2')""",
)
SQLITE_DROP = ("DROP TABLE IF EXISTS vacancy_search",)
POSTGRESQL_CREATE = (
    "ALTER TABLE vacancies ADD COLUMN vacancy_search_heading tsvector",
    "ALTER TABLE vacancies ADD COLUMN vacancy_search tsvector",
    """CREATE FUNCTION vacancy_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        english CONSTANT regconfig := 'english';
        marks CONSTANT text := '_/.-:@&+''"()[]{}*#,';
        spaces CONSTANT text := repeat(' ', length(marks));
        team CONSTANT text := (SELECT name FROM service_teams WHERE id = NEW.team_id);
        title CONSTANT text := NEW.title;
        facts CONSTANT text := team || ' ' || NEW.role_level || ' ' || NEW.family || ' ' || NEW.contract_type
            || NEW.working_patterns || NEW.flexible || CASE WHEN NEW.asye_suitable THEN 'asye' ELSE '' END;
        words CONSTANT text := NEW.reference || ' ' || NEW.summary || ' ' || NEW.location_base
            || ' ' || NEW.description || ' ' || COALESCE(NEW.about_team, '')
            || ' ' || COALESCE(NEW.benefits, '');
    BEGIN
        NEW.vacancy_search_heading :=
            setweight(to_tsvector(english, translate(title, marks, spaces)), 'A')
            || setweight(to_tsvector(english, translate(facts, marks, spaces)), 'B');
        NEW.vacancy_search := NEW.vacancy_search_heading
            || to_tsvector(english, left(translate(words, marks, spaces), 200000));
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER vacancy_search_words BEFORE INSERT OR UPDATE ON vacancies
    FOR EACH ROW EXECUTE FUNCTION vacancy_search_words()""",
    """CREATE FUNCTION vacancy_search_team() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE vacancies SET team_id = team_id WHERE team_id = NEW.id;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER vacancy_search_team AFTER UPDATE OF name ON service_teams
    FOR EACH ROW EXECUTE FUNCTION vacancy_search_team()""",
    "CREATE INDEX ix_vacancies_search ON vacancies USING gin (vacancy_search)",
)
POSTGRESQL_DROP = (
    "DROP TRIGGER IF EXISTS vacancy_search_team ON service_teams",
    "DROP TRIGGER IF EXISTS vacancy_search_words ON vacancies",
    "DROP FUNCTION IF EXISTS vacancy_search_team()",
    "DROP FUNCTION IF EXISTS vacancy_search_words()",
    "DROP INDEX IF EXISTS ix_vacancies_search",
    "ALTER TABLE vacancies DROP COLUMN IF EXISTS vacancy_search",
    "ALTER TABLE vacancies DROP COLUMN IF EXISTS vacancy_search_heading",
)


def upgrade() -> None:
    op.create_table(
        "service_teams",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_teams")),
        sa.UniqueConstraint("slug", name=op.f("uq_service_teams_slug")),
    )
    op.create_table(
        "vacancies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("copied_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("role_level", sa.String(length=40), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number_of_posts", sa.Integer(), nullable=False),
        sa.Column("hr_post_number", sa.String(length=20), nullable=True),
        sa.Column("covered_by_agency", sa.Boolean(), nullable=False),
        sa.Column("contract_type", sa.String(length=40), nullable=False),
        sa.Column("contract_ends_on", sa.Date(), nullable=True),
        sa.Column("contract_reason", sa.String(length=40), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("working_patterns", sa.String(length=200), nullable=False),
        sa.Column("flexible", sa.String(length=200), nullable=False),
        sa.Column("hours_per_week", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.Column("full_time_hours", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.Column("paid_weeks", sa.Numeric(precision=4, scale=2), nullable=True),
        sa.Column("pay_scale", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("scp_min", sa.Integer(), nullable=True),
        sa.Column("scp_max", sa.Integer(), nullable=True),
        sa.Column("salary_min", sa.Integer(), nullable=False),
        sa.Column("salary_max", sa.Integer(), nullable=False),
        sa.Column("salary_note", sa.String(length=200), nullable=True),
        sa.Column("market_supplement", sa.Integer(), nullable=True),
        sa.Column("market_supplement_terms", sa.String(length=500), nullable=True),
        sa.Column("welcome_payment", sa.Integer(), nullable=True),
        sa.Column("welcome_payment_terms", sa.String(length=500), nullable=True),
        sa.Column("retention_payment", sa.Integer(), nullable=True),
        sa.Column("retention_payment_terms", sa.String(length=500), nullable=True),
        sa.Column("relocation", sa.String(length=40), nullable=False),
        sa.Column("visa_sponsorship", sa.String(length=40), nullable=False),
        sa.Column("location_base", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("car_user", sa.String(length=40), nullable=False),
        sa.Column("dbs_level", sa.String(length=40), nullable=True),
        sa.Column("regulated_activity", sa.Boolean(), nullable=False),
        sa.Column("politically_restricted", sa.Boolean(), nullable=False),
        sa.Column("fluency_duty", sa.Boolean(), nullable=False),
        sa.Column("registration", sa.String(length=40), nullable=True),
        sa.Column("registration_by", sa.String(length=40), nullable=True),
        sa.Column("hcpc_domain", sa.String(length=40), nullable=True),
        sa.Column("asye_suitable", sa.Boolean(), nullable=False),
        sa.Column("minimum_pqe_years", sa.Integer(), nullable=True),
        sa.Column("disability_confident", sa.Boolean(), nullable=False),
        sa.Column("other_schemes", sa.String(length=200), nullable=False),
        sa.Column("anonymise_shortlisting", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("about_team", sa.Text(), nullable=True),
        sa.Column("benefits", sa.Text(), nullable=True),
        sa.Column("caseload_cap", sa.Integer(), nullable=True),
        sa.Column("caseload_average", sa.Integer(), nullable=True),
        sa.Column("supervision_weeks", sa.Integer(), nullable=True),
        sa.Column("asye_support", sa.String(length=500), nullable=True),
        sa.Column("hybrid_days", sa.Integer(), nullable=True),
        sa.Column("team_size", sa.Integer(), nullable=True),
        sa.Column("duty_rota", sa.String(length=200), nullable=True),
        sa.Column("contact_name", sa.String(length=100), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("contact_phone", sa.String(length=30), nullable=True),
        sa.Column("hiring_manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hiring_manager_name", sa.String(length=100), nullable=True),
        sa.Column("hr_owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("may_close_early", sa.Boolean(), nullable=False),
        sa.Column(
            "interview_dates",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("decision_promised_on", sa.Date(), nullable=True),
        sa.Column(
            "advertising_channels",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_early_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posts_filled", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "approved_at IS NULL OR (publish_at IS NOT NULL AND closes_at IS NOT NULL AND "
            "contact_name IS NOT NULL AND contact_email IS NOT NULL AND dbs_level IS NOT NULL "
            "AND registration IS NOT NULL)",
            name=op.f("ck_vacancies_complete_when_approved"),
        ),
        sa.CheckConstraint(
            "hours_per_week > 0 AND full_time_hours > 0", name=op.f("ck_vacancies_hours_positive")
        ),
        sa.CheckConstraint("number_of_posts BETWEEN 1 AND 50", name=op.f("ck_vacancies_number_of_posts")),
        sa.CheckConstraint("publish_at < closes_at", name=op.f("ck_vacancies_dates_in_order")),
        sa.CheckConstraint("salary_min <= salary_max", name=op.f("ck_vacancies_salary_range")),
        sa.CheckConstraint("scp_min <= scp_max", name=op.f("ck_vacancies_scp_range")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["staff_users.id"], name=op.f("fk_vacancies_approved_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["vacancies.id"], name=op.f("fk_vacancies_copied_from_id_vacancies")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["staff_users.id"], name=op.f("fk_vacancies_created_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["hiring_manager_id"], ["staff_users.id"], name=op.f("fk_vacancies_hiring_manager_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["hr_owner_id"], ["staff_users.id"], name=op.f("fk_vacancies_hr_owner_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["service_teams.id"], name=op.f("fk_vacancies_team_id_service_teams")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancies")),
        sa.UniqueConstraint("reference", name=op.f("uq_vacancies_reference")),
        sa.UniqueConstraint("slug", name=op.f("uq_vacancies_slug")),
    )
    op.create_index(op.f("ix_vacancies_hiring_manager_id"), "vacancies", ["hiring_manager_id"], unique=False)
    op.create_index(
        "ix_vacancies_live_closes",
        "vacancies",
        ["closes_at", "id"],
        unique=False,
        sqlite_where=sa.text("approved_at IS NOT NULL AND cancelled_at IS NULL AND closed_early_at IS NULL"),
        postgresql_where=sa.text(
            "approved_at IS NOT NULL AND cancelled_at IS NULL AND closed_early_at IS NULL"
        ),
    )
    op.create_index(
        "ix_vacancies_live_publish",
        "vacancies",
        ["publish_at", "id"],
        unique=False,
        sqlite_where=sa.text("approved_at IS NOT NULL AND cancelled_at IS NULL AND closed_early_at IS NULL"),
        postgresql_where=sa.text(
            "approved_at IS NOT NULL AND cancelled_at IS NULL AND closed_early_at IS NULL"
        ),
    )
    op.create_index(
        "ix_vacancies_live_salary",
        "vacancies",
        ["salary_max", "id"],
        unique=False,
        sqlite_where=sa.text("approved_at IS NOT NULL AND cancelled_at IS NULL AND closed_early_at IS NULL"),
        postgresql_where=sa.text(
            "approved_at IS NOT NULL AND cancelled_at IS NULL AND closed_early_at IS NULL"
        ),
    )
    op.create_index(op.f("ix_vacancies_team_id"), "vacancies", ["team_id"], unique=False)
    op.create_table(
        "vacancy_criteria",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(length=500), nullable=False),
        sa.Column("importance", sa.String(length=40), nullable=False),
        sa.Column("assessed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["vacancy_id"],
            ["vacancies.id"],
            name=op.f("fk_vacancy_criteria_vacancy_id_vacancies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_criteria")),
    )
    op.create_index(op.f("ix_vacancy_criteria_vacancy_id"), "vacancy_criteria", ["vacancy_id"], unique=False)
    op.create_table(
        "vacancy_decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("comment", sa.String(length=1000), nullable=True),
        sa.Column("closes_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_after", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff_users.id"], name=op.f("fk_vacancy_decisions_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"],
            ["vacancies.id"],
            name=op.f("fk_vacancy_decisions_vacancy_id_vacancies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_decisions")),
    )
    op.create_index(
        op.f("ix_vacancy_decisions_vacancy_id"), "vacancy_decisions", ["vacancy_id"], unique=False
    )
    op.create_table(
        "vacancy_documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("file_type", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "length(content) BETWEEN 1 AND 5242880", name=op.f("ck_vacancy_documents_content_size")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"],
            ["vacancies.id"],
            name=op.f("fk_vacancy_documents_vacancy_id_vacancies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_documents")),
    )
    op.create_index(
        op.f("ix_vacancy_documents_vacancy_id"), "vacancy_documents", ["vacancy_id"], unique=False
    )
    op.create_table(
        "vacancy_panel_members",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vacancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("safer_recruitment_trained_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_users.id"], name=op.f("fk_vacancy_panel_members_staff_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"],
            ["vacancies.id"],
            name=op.f("fk_vacancy_panel_members_vacancy_id_vacancies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_panel_members")),
    )
    op.create_index(
        op.f("ix_vacancy_panel_members_staff_id"), "vacancy_panel_members", ["staff_id"], unique=False
    )
    op.create_index(
        op.f("ix_vacancy_panel_members_vacancy_id"), "vacancy_panel_members", ["vacancy_id"], unique=False
    )
    run(SQLITE_CREATE, POSTGRESQL_CREATE)


def downgrade() -> None:
    run(SQLITE_DROP, POSTGRESQL_DROP)
    op.drop_table("vacancy_panel_members")
    op.drop_table("vacancy_documents")
    op.drop_table("vacancy_decisions")
    op.drop_table("vacancy_criteria")
    op.drop_table("vacancies")
    op.drop_table("service_teams")


def run(sqlite: tuple[str, ...], postgres: tuple[str, ...]) -> None:
    """Statements of this database, passed to its driver as they are."""
    connection = op.get_bind()
    for statement in postgres if connection.dialect.name == "postgresql" else sqlite:
        connection.exec_driver_sql(statement)
