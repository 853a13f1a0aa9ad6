"""Inspections with their judgements and quotations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("provider", sa.String(length=120), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("ons_code", sa.String(length=9), nullable=False),
        sa.Column("framework", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("lead_inspector", sa.String(length=120), nullable=False),
        sa.Column("report_url", sa.String(length=500), nullable=False),
        sa.Column("headline", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("duration_note", sa.String(length=300), nullable=False),
        sa.Column("people_heard", sa.String(length=200), nullable=False),
        sa.Column(
            "to_improve",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_inspections_ends_after_start")),
        sa.CheckConstraint("published_on >= ends_on", name=op.f("ck_inspections_published_after_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sa.UniqueConstraint("urn", "starts_on", name=op.f("uq_inspections_urn_starts_on")),
    )
    op.create_index(op.f("ix_inspections_status"), "inspections", ["status"], unique=False)
    op.create_table(
        "inspection_judgements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
            name=op.f("fk_inspection_judgements_inspection_id_inspections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_judgements")),
        sa.UniqueConstraint(
            "inspection_id", "area", name=op.f("uq_inspection_judgements_inspection_id_area")
        ),
    )
    op.create_table(
        "inspection_quotations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("attributed_to", sa.String(length=160), nullable=False),
        sa.Column("by_inspectors", sa.Boolean(), nullable=False),
        sa.Column("about", sa.String(length=160), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
            name=op.f("fk_inspection_quotations_inspection_id_inspections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_quotations")),
        sa.UniqueConstraint(
            "inspection_id", "position", name=op.f("uq_inspection_quotations_inspection_id_position")
        ),
    )


def downgrade() -> None:
    op.drop_table("inspection_quotations")
    op.drop_table("inspection_judgements")
    op.drop_table("inspections")
