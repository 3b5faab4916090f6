"""What was found in files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "municipal_quality_file",
        sa.Column("resource_id", sa.UnicodeText, primary_key=True),
        sa.Column("signature", sa.UnicodeText, nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False),
        sa.Column("begun", _MOMENT, nullable=False),
        sa.Column("before", JSONB(none_as_null=True), nullable=True),
        sa.Column("shape", JSONB(none_as_null=True), nullable=True),
        sa.Column("checked", _MOMENT, nullable=True),
        sa.Column("reason", JSONB(none_as_null=True), nullable=True),
        sa.Column("verdict", JSONB(none_as_null=True), nullable=True),
        sa.Column("errors", sa.Integer, nullable=False, server_default="0"),
        sa.Column("warnings", sa.Integer, nullable=False, server_default="0"),
        sa.Column("notes", sa.Integer, nullable=False, server_default="0"),
        comment="One row a file of a resource: what was found in it when it was read",
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("municipal_quality_file")
