"""How often the feeds were pulled, by day and kind of program; what was deleted, by its URI."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of counts, and the index by which deletions are listed."""
    op.create_table(
        "municipal_feed_pull",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("client", sa.UnicodeText, primary_key=True),
        sa.Column("feed", sa.UnicodeText, primary_key=True),
        sa.Column("outcome", sa.UnicodeText, primary_key=True),
        sa.Column("requests", sa.BigInteger, nullable=False),
        sa.Column("datasets", sa.BigInteger, nullable=False),
        sa.Column("latest", sa.DateTime(timezone=True), nullable=False),
        comment="What kinds of programs pulled of the feeds, and how often; no addresses",
    )
    op.create_index(
        "municipal_feed_activity_deleted",
        "municipal_feed_activity",
        ["uri", "revision"],
        postgresql_where=sa.text("kind = 'Delete'"),
    )


def downgrade() -> None:
    """Drop the counts and the index."""
    op.drop_index("municipal_feed_activity_deleted", "municipal_feed_activity")
    op.drop_table("municipal_feed_pull")
