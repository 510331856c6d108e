"""Calls that we place"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("order", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_calls_direction", "calls", ["direction", "started_at"])
