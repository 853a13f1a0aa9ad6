"""Fostering enquiries, what was done with them, and possible duplicates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fostering_enquiries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_ref", sa.String(length=12), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("utm_source", sa.String(length=60), nullable=True),
        sa.Column("utm_medium", sa.String(length=60), nullable=True),
        sa.Column("utm_campaign", sa.String(length=60), nullable=True),
        sa.Column("hub_origin", sa.Boolean(), nullable=False),
        sa.Column("hub_ref", sa.String(length=40), nullable=True),
        sa.Column("hub_handed_on", sa.Date(), nullable=True),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("area_confidence", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=4), nullable=True),
        sa.Column("local_authority", sa.String(length=60), nullable=True),
        sa.Column(
            "flags",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("quarantined", sa.Boolean(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("household_key", sa.String(length=32), nullable=False),
        sa.Column("duplicate_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "first_name_key",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "last_name_key",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "second_first_name_key",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "second_last_name_key",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("form_version", sa.String(length=40), nullable=False),
        sa.Column("notice_version", sa.String(length=40), nullable=False),
        sa.Column(
            "snapshot",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("age_21_plus", sa.String(length=40), nullable=True),
        sa.Column("spare_bedroom", sa.String(length=40), nullable=True),
        sa.Column("uk_residency", sa.String(length=40), nullable=True),
        sa.Column("fostering_status", sa.String(length=40), nullable=True),
        sa.Column("current_agency", sa.String(length=120), nullable=True),
        sa.Column(
            "care_types",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "age_groups",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("open_to_siblings", sa.String(length=40), nullable=True),
        sa.Column(
            "experience",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("availability", sa.String(length=40), nullable=True),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.Column("enquirer_type", sa.String(length=40), nullable=True),
        sa.Column("other_adults", sa.SmallInteger(), nullable=True),
        sa.Column("children_0_4", sa.SmallInteger(), nullable=True),
        sa.Column("children_5_10", sa.SmallInteger(), nullable=True),
        sa.Column("children_11_15", sa.SmallInteger(), nullable=True),
        sa.Column("children_16_17", sa.SmallInteger(), nullable=True),
        sa.Column("housing", sa.String(length=40), nullable=True),
        sa.Column("spare_bedrooms", sa.SmallInteger(), nullable=True),
        sa.Column("smoking", sa.String(length=40), nullable=True),
        sa.Column(
            "pets",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("driver", sa.String(length=40), nullable=True),
        sa.Column("first_name", sa.String(length=60), nullable=False),
        sa.Column("last_name", sa.String(length=60), nullable=False),
        sa.Column("second_first_name", sa.String(length=60), nullable=True),
        sa.Column("second_last_name", sa.String(length=60), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("contact_method", sa.String(length=40), nullable=True),
        sa.Column(
            "contact_times",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("voicemail_ok", sa.String(length=40), nullable=True),
        sa.Column("contact_needs", sa.String(length=200), nullable=True),
        sa.Column("next_step", sa.String(length=40), nullable=True),
        sa.Column("heard_from", sa.String(length=40), nullable=True),
        sa.Column("heard_detail", sa.String(length=120), nullable=True),
        sa.Column("updates_opt_in", sa.Boolean(), nullable=False),
        sa.Column("updates_opt_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("sla_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("first_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("initial_call_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_booked_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_mode", sa.String(length=40), nullable=True),
        sa.Column("visit_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_outcome", sa.String(length=40), nullable=True),
        sa.Column("roi_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("application_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stage1_start", sa.Date(), nullable=True),
        sa.Column("stage1_info_complete_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stage1_decision_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stage2_start", sa.Date(), nullable=True),
        sa.Column("panel_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("panel_recommendation", sa.String(length=40), nullable=True),
        sa.Column("adm_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kit_review_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closure_code", sa.String(length=40), nullable=True),
        sa.Column("case_system_ref", sa.String(length=40), nullable=True),
        sa.Column("retention_due_on", sa.Date(), nullable=True),
        sa.Column("hold_until", sa.Date(), nullable=True),
        sa.Column("hold_reason", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "NOT (status IN ('OPEN', 'KEEP_IN_TOUCH')) OR due_at IS NOT NULL",
            name=op.f("ck_fostering_enquiries_owed_is_due"),
        ),
        sa.CheckConstraint(
            "status <> 'CLOSED' OR closure_code IS NOT NULL",
            name=op.f("ck_fostering_enquiries_closed_has_code"),
        ),
        sa.CheckConstraint(
            "status <> 'KEEP_IN_TOUCH' OR kit_review_on IS NOT NULL",
            name=op.f("ck_fostering_enquiries_kit_has_review"),
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"],
            ["fostering_enquiries.id"],
            name=op.f("fk_fostering_enquiries_duplicate_of_id_fostering_enquiries"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["staff_users.id"],
            name=op.f("fk_fostering_enquiries_entered_by_id_staff_users"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["staff_users.id"], name=op.f("fk_fostering_enquiries_owner_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_enquiries")),
        sa.UniqueConstraint("public_ref", name=op.f("uq_fostering_enquiries_public_ref")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_fostering_enquiries_submission_key")),
    )
    op.create_index(
        "ix_fostering_enquiries_area",
        "fostering_enquiries",
        ["area", "status", "due_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_fostering_enquiries_finished",
        "fostering_enquiries",
        ["status", "received_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_fostering_enquiries_flagged",
        "fostering_enquiries",
        ["status", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("flagged"),
        sqlite_where=sa.text("flagged = 1"),
    )
    op.create_index(
        "ix_fostering_enquiries_flagged_finished",
        "fostering_enquiries",
        ["status", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("flagged"),
        sqlite_where=sa.text("flagged = 1"),
    )
    op.create_index(
        "ix_fostering_enquiries_unowned",
        "fostering_enquiries",
        ["status", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("owner_id IS NULL"),
        sqlite_where=sa.text("owner_id IS NULL"),
    )
    op.create_index(
        "ix_fostering_enquiries_unowned_finished",
        "fostering_enquiries",
        ["status", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("owner_id IS NULL"),
        sqlite_where=sa.text("owner_id IS NULL"),
    )
    op.create_index(
        "ix_fostering_enquiries_email",
        "fostering_enquiries",
        ["email_key"],
        unique=False,
        postgresql_where=sa.text("email_key IS NOT NULL"),
        sqlite_where=sa.text("email_key IS NOT NULL"),
    )
    op.create_index(
        "ix_fostering_enquiries_first_name",
        "fostering_enquiries",
        ["first_name_key", "last_name_key", "received_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_fostering_enquiries_household", "fostering_enquiries", ["household_key"], unique=False
    )
    op.create_index(
        "ix_fostering_enquiries_name",
        "fostering_enquiries",
        ["last_name_key", "first_name_key", "received_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_fostering_enquiries_owner",
        "fostering_enquiries",
        ["owner_id", "status", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("owner_id IS NOT NULL"),
        sqlite_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_index(
        "ix_fostering_enquiries_owner_area",
        "fostering_enquiries",
        ["owner_id", "area", "status", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("owner_id IS NOT NULL"),
        sqlite_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_index(
        "ix_fostering_enquiries_owner_finished",
        "fostering_enquiries",
        ["owner_id", "status", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("owner_id IS NOT NULL"),
        sqlite_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_index(
        "ix_fostering_enquiries_phone",
        "fostering_enquiries",
        ["phone"],
        unique=False,
        postgresql_where=sa.text("phone IS NOT NULL"),
        sqlite_where=sa.text("phone IS NOT NULL"),
    )
    op.create_index(
        "ix_fostering_enquiries_queue", "fostering_enquiries", ["status", "due_at", "id"], unique=False
    )
    op.create_index(
        "ix_fostering_enquiries_received", "fostering_enquiries", ["received_at", "id"], unique=False
    )
    op.create_index(
        "ix_fostering_enquiries_retention",
        "fostering_enquiries",
        ["retention_due_on"],
        unique=False,
        postgresql_where=sa.text("retention_due_on IS NOT NULL"),
        sqlite_where=sa.text("retention_due_on IS NOT NULL"),
    )
    op.create_index(
        "ix_fostering_enquiries_second_first_name",
        "fostering_enquiries",
        ["second_first_name_key", "second_last_name_key", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("second_first_name_key IS NOT NULL"),
        sqlite_where=sa.text("second_first_name_key IS NOT NULL"),
    )
    op.create_index(
        "ix_fostering_enquiries_second_name",
        "fostering_enquiries",
        ["second_last_name_key", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("second_last_name_key IS NOT NULL"),
        sqlite_where=sa.text("second_last_name_key IS NOT NULL"),
    )
    op.create_index(
        "ix_fostering_enquiries_stage",
        "fostering_enquiries",
        ["stage", "status", "due_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_fostering_enquiries_area_finished",
        "fostering_enquiries",
        ["area", "status", "received_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_fostering_enquiries_stage_finished",
        "fostering_enquiries",
        ["stage", "status", "received_at", "id"],
        unique=False,
    )
    op.create_table(
        "fostering_activities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enquiry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("call_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff_users.id"], name=op.f("fk_fostering_activities_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["fostering_enquiries.id"],
            name=op.f("fk_fostering_activities_enquiry_id_fostering_enquiries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_activities")),
    )
    op.create_index(
        "ix_fostering_activities_enquiry", "fostering_activities", ["enquiry_id", "at", "id"], unique=False
    )
    op.create_table(
        "fostering_possible_duplicates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enquiry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("matched_on", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "enquiry_id <> other_id", name=op.f("ck_fostering_possible_duplicates_two_enquiries")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["staff_users.id"],
            name=op.f("fk_fostering_possible_duplicates_decided_by_id_staff_users"),
        ),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["fostering_enquiries.id"],
            name=op.f("fk_fostering_possible_duplicates_enquiry_id_fostering_enquiries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["fostering_enquiries.id"],
            name=op.f("fk_fostering_possible_duplicates_other_id_fostering_enquiries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fostering_possible_duplicates")),
        sa.UniqueConstraint("enquiry_id", "other_id", name="uq_fostering_possible_duplicates_pair"),
    )
    op.create_index(
        "ix_fostering_possible_duplicates_other", "fostering_possible_duplicates", ["other_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("fostering_possible_duplicates")
    op.drop_table("fostering_activities")
    op.drop_table("fostering_enquiries")
