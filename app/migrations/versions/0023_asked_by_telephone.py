"""A questionnaire knows by which way it was asked, and what was said on the telephone may be a recording"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Whoever was asked so far was written to, and the contact says where; what a person entered has none.
_WRITTEN_TO = """
UPDATE training_reviews SET asked_via = (
    SELECT contacts.channel FROM contacts
    WHERE contacts.key = 'training_review:' || training_reviews.session_id || ':' || training_reviews.customer_id
    ORDER BY contacts.id LIMIT 1
)
"""
_ENTERED = "UPDATE training_reviews SET asked_via = 'staff' WHERE asked_via IS NULL AND by = 'lead'"


def upgrade() -> None:
    op.add_column("training_reviews", sa.Column("asked_via", sa.Text(), nullable=True))
    op.add_column("training_reviews", sa.Column("recording_id", sa.Integer(), nullable=True))
    op.execute(_WRITTEN_TO)
    op.execute(_ENTERED)
