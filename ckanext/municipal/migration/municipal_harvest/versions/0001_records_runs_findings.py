"""Records, runs and findings of our harvesters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    _create_record()
    _create_run()
    _create_finding()


def downgrade() -> None:
    """Drop the three tables; datasets stay, the next harvest loads everything anew."""
    op.drop_table("municipal_harvest_finding")
    op.drop_table("municipal_harvest_run")
    op.drop_table("municipal_harvest_record")


def _create_record() -> None:
    op.create_table(
        "municipal_harvest_record",
        sa.Column("source_id", sa.UnicodeText, primary_key=True),
        sa.Column("guid", sa.UnicodeText, primary_key=True),
        sa.Column("digest", sa.UnicodeText, nullable=True),
        sa.Column("etag", sa.UnicodeText, nullable=True),
        sa.Column("package_id", sa.UnicodeText, nullable=True),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("absent", sa.UnicodeText, nullable=True),
        sa.Column("reason", JSONB, nullable=True),
        _count("findings"),
        _count("rows_quarantined"),
        sa.Column("job_id", sa.UnicodeText, nullable=True),
        sa.Column("changed", sa.DateTime, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["harvest_source.id"], ondelete="CASCADE"),
        sa.CheckConstraint(
            "state IN ('loaded', 'set_aside')", name="municipal_harvest_record_state"
        ),
        sa.CheckConstraint(
            "absent IN ('asked', 'confirmed')", name="municipal_harvest_record_absent"
        ),
        comment="One row a record of a source: what was loaded, from which content",
    )


def _create_run() -> None:
    op.create_table(
        "municipal_harvest_run",
        sa.Column("job_id", sa.UnicodeText, primary_key=True),
        sa.Column("source_id", sa.UnicodeText, nullable=False),
        sa.Column("url", sa.UnicodeText, nullable=True),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("gathered", sa.DateTime, nullable=True),
        sa.Column("heartbeat", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime, nullable=True),
        *map(_count, ("attempts", "listed", "total", "worked", "added", "updated", "unchanged")),
        *map(_count, ("skipped", "deleted", "set_aside", "absent")),
        sa.Column("step", JSONB, nullable=True),
        sa.Column("outcome", sa.UnicodeText, nullable=True),
        sa.Column("messages", JSONB, nullable=False, server_default="[]"),
        sa.ForeignKeyConstraint(["job_id"], ["harvest_job.id"], ondelete="CASCADE"),
        sa.CheckConstraint(
            "outcome IN ('done', 'asking', 'failed', 'stopped')",
            name="municipal_harvest_run_outcome",
        ),
        comment="One row a harvest job: its progress and result; one open run a source",
    )
    op.create_index(
        "municipal_harvest_run_one_open",
        "municipal_harvest_run",
        ["source_id"],
        unique=True,
        postgresql_where=sa.text("finished IS NULL"),
    )


def _create_finding() -> None:
    text_columns = ("rule", "severity", "file", "sheet", "field")
    op.create_table(
        "municipal_harvest_finding",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("source_id", sa.UnicodeText, nullable=False),
        sa.Column("guid", sa.UnicodeText, nullable=False),
        sa.Column("quarantined", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.UnicodeText, nullable=False) for name in text_columns),
        sa.Column("row", sa.Integer, nullable=True),
        sa.Column("message", JSONB, nullable=False),
        sa.Column("remedy", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id", "guid"],
            ["municipal_harvest_record.source_id", "municipal_harvest_record.guid"],
            ondelete="CASCADE",
        ),
        comment="What the last load of a record found in it",
    )
    op.create_index(
        "municipal_harvest_finding_record", "municipal_harvest_finding", ["source_id", "guid"]
    )


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")
