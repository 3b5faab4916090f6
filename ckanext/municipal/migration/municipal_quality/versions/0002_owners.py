"""Owners of departments, who are told what got worse."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "municipal_quality_owner",
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("every", sa.UnicodeText, nullable=True),
        sa.Column("seen", JSONB(none_as_null=True), nullable=True),
        sa.Column("looked", _MOMENT, nullable=True),
        sa.Column("not_before", _MOMENT, nullable=True),
        comment="One row an owner of departments: how often to tell them, and how their datasets stood",
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("municipal_quality_owner")
