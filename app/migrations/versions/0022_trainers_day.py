"""A question may end without an answer, and a course has usual times of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("needs_none", "needs_none_by"):
        op.add_column("asked_questions", sa.Column(column, sa.Text(), nullable=True))
    for column in ("usual_from", "usual_until"):
        op.add_column("courses", sa.Column(column, sa.Text(), nullable=True))
