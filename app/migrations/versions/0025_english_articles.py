"""Self-help articles are told in English too"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("steps_en", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("articles", sa.Column("voice_en", sa.Text(), nullable=False, server_default=""))
    op.add_column("articles", sa.Column("warnings_en", sa.JSON(), nullable=False, server_default="[]"))
