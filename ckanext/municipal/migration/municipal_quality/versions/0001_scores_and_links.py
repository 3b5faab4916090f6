"""Scores of datasets and their history; links and the servers that they lead to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_DIMENSIONS = (
    "findability",
    "accessibility",
    "interoperability",
    "reusability",
    "contextuality",
)


def upgrade() -> None:
    """Create the five tables."""
    op.create_table(
        "municipal_quality_dataset",
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
        sa.Column("uri", sa.UnicodeText, nullable=False),
        sa.Column("title", JSONB, nullable=False),
        sa.Column("served", sa.Boolean, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("findings", JSONB, nullable=False),
        sa.Column("points", sa.SmallInteger, nullable=False),
        sa.Column("unknown", sa.SmallInteger, nullable=False),
        sa.Column("attainable", sa.SmallInteger, nullable=False),
        *(sa.Column(name, sa.SmallInteger, nullable=False) for name in _DIMENSIONS),
        sa.Column("met", JSONB, nullable=False),
        sa.Column("distributions", sa.Integer, nullable=False),
        sa.Column("broken", sa.Integer, nullable=False),
        sa.Column("fixes", JSONB, nullable=False),
        sa.Column("stars", sa.SmallInteger, nullable=True),
        sa.Column("frequency", sa.UnicodeText, nullable=True),
        sa.Column("data_changed", _MOMENT, nullable=True),
        sa.Column("link_changed", _MOMENT, nullable=True),
        sa.Column("changed", _MOMENT, nullable=False),
        comment="One row a public dataset: what its metadata is worth, and what is wrong with it",
    )
    op.create_table(
        "municipal_quality_history",
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("points", sa.SmallInteger, nullable=True),
        *(sa.Column(name, sa.SmallInteger, nullable=True) for name in _DIMENSIONS),
        comment="One row a dataset and day on which its score changed; no points where it left",
    )
    _links()


def _links() -> None:
    op.create_table(
        "municipal_quality_link",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("url", sa.UnicodeText, nullable=False),
        sa.Column("host", sa.UnicodeText, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=True),
        sa.Column("strikes", sa.Integer, nullable=False, server_default="0"),
        sa.Column("status", sa.Integer, nullable=False, server_default="0"),
        sa.Column("etag", sa.UnicodeText, nullable=True),
        sa.Column("modified", sa.UnicodeText, nullable=True),
        sa.Column("digest", sa.UnicodeText, nullable=True),
        sa.Column("type", sa.UnicodeText, nullable=True),
        sa.Column("size", sa.BigInteger, nullable=True),
        sa.Column("reason", JSONB, nullable=True),
        sa.Column("checked", _MOMENT, nullable=True),
        sa.Column("changed", _MOMENT, nullable=True),
        sa.Column("due", _MOMENT, nullable=False, server_default=sa.text("clock_timestamp()")),
        comment="One row an address that datasets name: whether it answers, and what is there",
    )
    op.create_index("municipal_quality_link_due", "municipal_quality_link", ["due", "host"])
    op.create_table(
        "municipal_quality_link_use",
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
        sa.Column("link_id", sa.UnicodeText, primary_key=True),
        sa.ForeignKeyConstraint(["link_id"], ["municipal_quality_link.id"], ondelete="CASCADE"),
        comment="Which datasets name an address",
    )
    op.create_index("municipal_quality_link_used", "municipal_quality_link_use", ["link_id"])
    op.create_table(
        "municipal_quality_host",
        sa.Column("host", sa.UnicodeText, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("not_before", _MOMENT, nullable=False),
        comment="Servers that are left alone for a while: they failed, or asked for it",
    )


def downgrade() -> None:
    """Drop them; the feeds tell everything anew after the next upgrade, links are checked again."""
    op.drop_table("municipal_quality_host")
    op.drop_table("municipal_quality_link_use")
    op.drop_table("municipal_quality_link")
    op.drop_table("municipal_quality_history")
    op.drop_table("municipal_quality_dataset")
