"""Deletions of fostering records that a manager approves, what keeps a record longer, and kept filters."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
LISTS = "fostering_retention_lists"
ITEMS = "fostering_retention_items"
APPROVED = "fostering_approved_records"
SAVED = "fostering_saved_filters"


def upgrade() -> None:
    op.add_column("fostering_enquiries", sa.Column("hold_owner_id", ID, nullable=True))
    op.create_table(
        LISTS,
        sa.Column("id", ID, nullable=False),
        sa.Column("approved_at", INSTANT, nullable=False),
        sa.Column("approved_by_id", ID, nullable=True),
        sa.Column("approved_by_name", sa.String(length=120), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("approved", "deleted", "anonymised")),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["staff_users.id"], name=op.f(f"fk_{LISTS}_approved_by_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{LISTS}")),
    )
    op.create_table(
        ITEMS,
        sa.Column("enquiry_id", ID, nullable=False),
        sa.Column("list_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["fostering_enquiries.id"],
            name=op.f(f"fk_{ITEMS}_enquiry_id_fostering_enquiries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], [f"{LISTS}.id"], name=op.f(f"fk_{ITEMS}_list_id_{LISTS}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enquiry_id", name=op.f(f"pk_{ITEMS}")),
    )
    op.create_index(op.f(f"ix_{ITEMS}_list_id"), ITEMS, ["list_id"])
    op.create_table(
        APPROVED,
        sa.Column("id", ID, nullable=False),
        sa.Column("public_ref", sa.String(length=12), nullable=False),
        sa.Column("case_system_ref", sa.String(length=40), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("application_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{APPROVED}")),
        sa.UniqueConstraint("public_ref", name=op.f(f"uq_{APPROVED}_public_ref")),
    )
    op.create_table(
        SAVED,
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=200), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["staff_users.id"], name=op.f(f"fk_{SAVED}_person_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{SAVED}")),
        sa.UniqueConstraint("person_id", "name", name=op.f(f"uq_{SAVED}_person_id_name")),
    )


def downgrade() -> None:
    op.drop_table(SAVED)
    op.drop_table(APPROVED)
    op.drop_table(ITEMS)
    op.drop_table(LISTS)
    op.drop_column("fostering_enquiries", "hold_owner_id")
