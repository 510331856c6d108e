"""Photos of sessions and of visits are one table; a visit counts its changes, each of which is told"""

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_BEFORE = (("training_photos", "session_id"), ("round_photos", "visit_id"))


def upgrade() -> None:
    _photos()
    for table, owner in _BEFORE:
        columns = f'{owner}, path, mime, "by", created_at'
        op.execute(f"INSERT INTO photos ({columns}) SELECT {columns} FROM {table} ORDER BY id")
        op.drop_table(table)
    _revisions()


def _revisions() -> None:
    op.add_column("round_visits", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_round_visits_goes", "round_visits", ["goes"])


def _photos() -> None:
    op.create_table(
        "photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(session_id IS NULL) <> (visit_id IS NULL)", name="ck_photos_of_one"),
        sa.ForeignKeyConstraint(["session_id"], ["training_sessions.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["round_visits.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("session_id", "visit_id", "path"):
        op.create_index(f"ix_photos_{column}", "photos", [column])
