"""Questions asked of the house, in private and in Q&A groups"""

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_WAITS_FIRST = sa.text("state = 'waiting' AND same_as_id IS NULL")
_WRITES = sa.text("writer IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "asked_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("alike", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("same_as_id", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("trainer", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=True),
        sa.Column("learned", sa.Text(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("writer", sa.Text(), nullable=True),
        sa.Column("writes", sa.Text(), nullable=True),
        sa.Column("writer_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_questions")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_asked_questions_{column}_{table}")
            )
            for column, table in (
                ("customer_id", "customers"),
                ("group_id", "qa_groups"),
                ("conversation_id", "conversations"),
                ("same_as_id", "asked_questions"),
                ("ticket_id", "tickets"),
            )
        ),
    )
    op.create_index(
        "ix_asked_questions_waiting",
        "asked_questions",
        ["alike"],
        unique=True,
        sqlite_where=_WAITS_FIRST,
        postgresql_where=_WAITS_FIRST,
    )
    op.create_index(
        "ix_asked_questions_writer",
        "asked_questions",
        ["writer"],
        sqlite_where=_WRITES,
        postgresql_where=_WRITES,
    )
    op.create_index("ix_asked_questions_state", "asked_questions", ["state", "id"])
    op.create_index("ix_asked_questions_ticket", "asked_questions", ["ticket_id"])
    op.create_index("ix_asked_questions_same_as", "asked_questions", ["same_as_id"])
    op.create_index("ix_asked_questions_customer", "asked_questions", ["customer_id"])
