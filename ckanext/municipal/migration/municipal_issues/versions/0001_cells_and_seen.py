"""Grid cells of all requests, and what an unfinished walk has seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "municipal_issues_cell",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("category_code", sa.UnicodeText, nullable=False),
        sa.Column("cell", sa.UnicodeText, nullable=False),
        sa.Column("lat", sa.Numeric, nullable=True),
        sa.Column("long", sa.Numeric, nullable=True),
        sa.Column("district", sa.UnicodeText, nullable=True),
        sa.Column("address", sa.UnicodeText, nullable=True),
        comment="One row a citizen's request: its grid cell, published only beside others like it",
    )
    op.create_index(
        "municipal_issues_cell_group",
        "municipal_issues_cell",
        ["package_id", "category_code", "cell"],
    )
    op.create_table(
        "municipal_issues_seen",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("read_at", sa.UnicodeText, nullable=False),
        sa.Column("ids", ARRAY(sa.UnicodeText), nullable=False),
        comment="The requests that an unfinished whole walk has met, some hundreds a row",
    )


def downgrade() -> None:
    """Drop both tables; what is published stays, the next whole walk fills them again."""
    op.drop_table("municipal_issues_seen")
    op.drop_table("municipal_issues_cell")
