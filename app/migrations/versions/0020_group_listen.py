"""What a Q&A group listens to, where that is not as the policy says"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("qa_groups", sa.Column("listen", sa.JSON(), nullable=True))
