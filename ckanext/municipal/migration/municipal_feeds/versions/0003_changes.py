"""What the log of changes and OAI-PMH look for: versions that are still told, the moment of a record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes."""
    op.create_index(
        "municipal_feed_activity_version",
        "municipal_feed_activity",
        ["uri", "revision"],
        postgresql_where=sa.text("ntriples IS NOT NULL"),
    )
    op.create_index(
        "municipal_feed_activity_told",
        "municipal_feed_activity",
        ["revision", "published"],
        postgresql_where=sa.text("kind = 'Delete' OR ntriples IS NOT NULL"),
    )
    op.create_index("municipal_feed_record_changed", "municipal_feed_record", ["changed"])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("municipal_feed_record_changed", "municipal_feed_record")
    op.drop_index("municipal_feed_activity_told", "municipal_feed_activity")
    op.drop_index("municipal_feed_activity_version", "municipal_feed_activity")
