"""Files, allowances, credentials, scanned codes, proofs of phone numbers, buttons"""

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allowances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "account", "recipient", "kind"),
    )
    op.create_table(
        "credentials",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("refreshing_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "phone_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("sent_to", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identities.id"],
        ),
        sa.ForeignKeyConstraint(
            ["sent_to"],
            ["identities.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("phone_proofs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phone_proofs_identity_id"), ["identity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_phone_proofs_phone"), ["phone"], unique=False)

    op.create_table(
        "scenes",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["used_by"],
            ["identities.id"],
        ),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_table(
        "media",
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("mime", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inbox_id", "provider_id"),
    )
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(
            "ix_media_dead",
            ["id"],
            unique=False,
            sqlite_where=sa.text("status = 'dead'"),
            postgresql_where=sa.text("status = 'dead'"),
        )
        batch_op.create_index(
            "ix_media_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("status IN ('pending', 'leased')"),
            postgresql_where=sa.text("status IN ('pending', 'leased')"),
        )
        batch_op.create_index("ix_media_history", ["lane", "id"], unique=False)
        batch_op.create_index(
            "ix_media_lane",
            ["lane", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('pending', 'leased')"),
            postgresql_where=sa.text("status IN ('pending', 'leased')"),
        )
        batch_op.create_index(batch_op.f("ix_media_ticket_id"), ["ticket_id"], unique=False)

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer_by", UtcDateTime(), nullable=True))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weight", sa.Text(), nullable=False, server_default="answer"))
        batch_op.add_column(sa.Column("question", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("pressed_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("pressed_key", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("extra", sa.JSON(), nullable=False, server_default="{}"))

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wecom_id", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("telegram_id", sa.Text(), nullable=True))
        batch_op.create_index("ix_staff_telegram", ["telegram_id"], unique=True)
        batch_op.create_index("ix_staff_wecom", ["wecom_id"], unique=True)


def downgrade() -> None:

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_wecom")
        batch_op.drop_index("ix_staff_telegram")
        batch_op.drop_column("telegram_id")
        batch_op.drop_column("wecom_id")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("extra")
        batch_op.drop_column("pressed_key")
        batch_op.drop_column("pressed_at")
        batch_op.drop_column("question")
        batch_op.drop_column("weight")

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_column("answer_by")

    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_ticket_id"))
        batch_op.drop_index(
            "ix_media_lane",
            sqlite_where=sa.text("status IN ('pending', 'leased')"),
            postgresql_where=sa.text("status IN ('pending', 'leased')"),
        )
        batch_op.drop_index("ix_media_history")
        batch_op.drop_index(
            "ix_media_due",
            sqlite_where=sa.text("status IN ('pending', 'leased')"),
            postgresql_where=sa.text("status IN ('pending', 'leased')"),
        )
        batch_op.drop_index(
            "ix_media_dead",
            sqlite_where=sa.text("status = 'dead'"),
            postgresql_where=sa.text("status = 'dead'"),
        )
        batch_op.drop_index(batch_op.f("ix_media_conversation_id"))

    op.drop_table("media")
    op.drop_table("scenes")
    with op.batch_alter_table("phone_proofs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phone_proofs_phone"))
        batch_op.drop_index(batch_op.f("ix_phone_proofs_identity_id"))

    op.drop_table("phone_proofs")
    op.drop_table("credentials")
    op.drop_table("allowances")
