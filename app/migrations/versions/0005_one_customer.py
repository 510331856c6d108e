"""Serial numbers of devices, how often a code was scanned, who was sent a proof"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("serial", sa.Text(), nullable=True))
    with op.batch_alter_table("scenes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scans", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index("ix_scenes_purpose", ["purpose", "created_at"], unique=False)
    with op.batch_alter_table("phone_proofs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phone_proofs_sent_to"), ["sent_to"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("phone_proofs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phone_proofs_sent_to"))
    with op.batch_alter_table("scenes", schema=None) as batch_op:
        batch_op.drop_index("ix_scenes_purpose")
        batch_op.drop_column("scans")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_column("serial")
