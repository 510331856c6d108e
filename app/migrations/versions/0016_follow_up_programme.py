"""The follow-up programme: plans, launches, sales and deliveries of devices, and the history of a case"""

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up_plans",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.JSON(), nullable=False),
        sa.Column("within", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Text(), nullable=True),
        sa.Column("who", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("stops", sa.JSON(), nullable=False),
        sa.Column("spare_holidays", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_follow_up_plans")),
    )
    op.create_table(
        "product_launches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("launched_on", sa.Date(), nullable=False),
        sa.Column("watched_until", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_launches")),
    )
    op.add_column("devices", sa.Column("sold_on", sa.Date(), nullable=True))
    op.add_column("devices", sa.Column("delivered_on", sa.Date(), nullable=True))
    op.add_column("devices", sa.Column("retired_at", UtcDateTime(), nullable=True))
    op.add_column("follow_ups", sa.Column("device_id", sa.Integer(), nullable=True))
    op.add_column("follow_ups", sa.Column("asked_with", sa.Text(), nullable=True))
    op.add_column("follow_ups", sa.Column("history", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for table, columns in (
        ("follow_ups", ("history", "asked_with", "device_id")),
        ("devices", ("retired_at", "delivered_on", "sold_on")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    op.drop_table("product_launches")
    op.drop_table("follow_up_plans")
