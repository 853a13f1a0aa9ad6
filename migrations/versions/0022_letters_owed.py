"""Since when a family waits to be written to: after a closing by the service, or a visit left for later."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLE, COLUMN, INDEX = "fostering_enquiries", "letter_owed_since", "ix_fostering_enquiries_letter_owed"
OWED = sa.text("letter_owed_since IS NOT NULL")

CLOSED_BY_SERVICE = """
UPDATE fostering_enquiries SET letter_owed_since = closed_at
WHERE status = 'CLOSED' AND (closure_code = 'S10' OR closure_code LIKE 'S__' AND closure_code <> 'S1N'
AND EXISTS (SELECT 1 FROM fostering_messages m WHERE m.enquiry_id = fostering_enquiries.id
    AND m.kind = 'CLOSING' AND m.state = 'draft' AND m.about_at = fostering_enquiries.closed_at)
AND NOT EXISTS (SELECT 1 FROM fostering_messages m WHERE m.enquiry_id = fostering_enquiries.id
    AND m.kind = 'CLOSING' AND m.state = 'sent' AND m.about_at = fostering_enquiries.closed_at))
"""
"""Whose draft somebody deleted was told another way, as was said then; of a letter by hand nobody knows."""

VISITED = """
UPDATE fostering_enquiries SET letter_owed_since = visit_done_at
WHERE status = 'KEEP_IN_TOUCH' AND visit_done_at IS NOT NULL
AND EXISTS (SELECT 1 FROM fostering_history h WHERE h.enquiry_id = fostering_enquiries.id
    AND h.from_stage = 'E50' AND h.to_stage = 'KIT' AND h.at >= fostering_enquiries.visit_done_at)
AND NOT EXISTS (SELECT 1 FROM fostering_activities a WHERE a.enquiry_id = fostering_enquiries.id
    AND a.kind IN ('EMAIL', 'SMS', 'LETTER') AND a.at >= fostering_enquiries.visit_done_at)
AND NOT EXISTS (SELECT 1 FROM fostering_messages m WHERE m.enquiry_id = fostering_enquiries.id
    AND m.kind = 'KEEP_IN_TOUCH' AND m.sent_at >= fostering_enquiries.visit_done_at)
"""


def upgrade() -> None:
    op.add_column(TABLE, sa.Column(COLUMN, sa.DateTime(timezone=True), nullable=True))
    op.execute(CLOSED_BY_SERVICE)
    op.execute(VISITED)
    op.create_index(INDEX, TABLE, [COLUMN, "id"], postgresql_where=OWED, sqlite_where=OWED)


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, COLUMN)
