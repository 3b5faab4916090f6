"""The three tables of our own, and by their names those of CKAN and ckanext-harvest beside them.

What a source's records are, what its runs did, what was found in them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest import model as harvest
from sqlalchemy.dialects.postgresql import JSONB


def utc_now() -> datetime:
    """Return the time as CKAN and ckanext-harvest store it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def execute(statement: Any, parameters: Any = None) -> Any:
    """Run a statement in CKAN's session; untyped, as SQLAlchemy 1.4 and 2.0 type results apart."""
    if parameters is None:
        return model.Session.execute(statement)
    return model.Session.execute(statement, parameters)


def rows(statement: Any) -> list[dict[str, Any]]:
    """Run a query in CKAN's session; returns a dictionary a row."""
    return [dict(row._mapping) for row in execute(statement)]


package: Any = model.Package.__table__  # type: ignore[attr-defined]
source: Any = harvest.HarvestSource.__table__
job: Any = harvest.HarvestJob.__table__
object_: Any = harvest.HarvestObject.__table__
object_error: Any = harvest.HarvestObjectError.__table__
object_extra: Any = harvest.HarvestObjectExtra.__table__
gather_error: Any = harvest.HarvestGatherError.__table__

metadata = tk.BaseModel.metadata

record = sa.Table(
    "municipal_harvest_record",
    metadata,
    sa.Column("source_id", sa.UnicodeText, primary_key=True),
    sa.Column("guid", sa.UnicodeText, primary_key=True),
    sa.Column("digest", sa.UnicodeText, nullable=True),
    sa.Column("etag", sa.UnicodeText, nullable=True),
    sa.Column("package_id", sa.UnicodeText, nullable=True),
    sa.Column("state", sa.UnicodeText, nullable=False),
    sa.Column("absent", sa.UnicodeText, nullable=True),
    sa.Column("reason", JSONB, nullable=True),
    sa.Column("findings", sa.Integer, nullable=False, server_default="0"),
    sa.Column("rows_quarantined", sa.Integer, nullable=False, server_default="0"),
    sa.Column("job_id", sa.UnicodeText, nullable=True),
    sa.Column("changed", sa.DateTime, nullable=False),
    sa.ForeignKeyConstraint(["source_id"], ["harvest_source.id"], ondelete="CASCADE"),
    sa.CheckConstraint("state IN ('loaded', 'set_aside')", name="municipal_harvest_record_state"),
    sa.CheckConstraint("absent IN ('asked', 'confirmed')", name="municipal_harvest_record_absent"),
    comment="One row a record of a source: what was loaded, from which content",
)

run = sa.Table(
    "municipal_harvest_run",
    metadata,
    sa.Column("job_id", sa.UnicodeText, primary_key=True),
    sa.Column("source_id", sa.UnicodeText, nullable=False),
    sa.Column("url", sa.UnicodeText, nullable=True),
    sa.Column("started", sa.DateTime, nullable=False),
    sa.Column("gathered", sa.DateTime, nullable=True),
    sa.Column("heartbeat", sa.DateTime, nullable=False),
    sa.Column("finished", sa.DateTime, nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("listed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("total", sa.Integer, nullable=False, server_default="0"),
    sa.Column("worked", sa.Integer, nullable=False, server_default="0"),
    sa.Column("added", sa.Integer, nullable=False, server_default="0"),
    sa.Column("updated", sa.Integer, nullable=False, server_default="0"),
    sa.Column("unchanged", sa.Integer, nullable=False, server_default="0"),
    sa.Column("skipped", sa.Integer, nullable=False, server_default="0"),
    sa.Column("deleted", sa.Integer, nullable=False, server_default="0"),
    sa.Column("set_aside", sa.Integer, nullable=False, server_default="0"),
    sa.Column("absent", sa.Integer, nullable=False, server_default="0"),
    sa.Column("step", JSONB, nullable=True),
    sa.Column("outcome", sa.UnicodeText, nullable=True),
    sa.Column("messages", JSONB, nullable=False, server_default="[]"),
    sa.ForeignKeyConstraint(["job_id"], ["harvest_job.id"], ondelete="CASCADE"),
    sa.Index(
        "municipal_harvest_run_one_open",
        "source_id",
        unique=True,
        postgresql_where=sa.text("finished IS NULL"),
    ),
    sa.CheckConstraint(
        "outcome IN ('done', 'asking', 'failed', 'stopped')", name="municipal_harvest_run_outcome"
    ),
    comment="One row a harvest job: its progress and result; one open run a source",
)

finding = sa.Table(
    "municipal_harvest_finding",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
    sa.Column("source_id", sa.UnicodeText, nullable=False),
    sa.Column("guid", sa.UnicodeText, nullable=False),
    sa.Column("quarantined", sa.Boolean, nullable=False),
    sa.Column("rule", sa.UnicodeText, nullable=False),
    sa.Column("severity", sa.UnicodeText, nullable=False),
    sa.Column("file", sa.UnicodeText, nullable=False),
    sa.Column("sheet", sa.UnicodeText, nullable=False),
    sa.Column("row", sa.Integer, nullable=True),
    sa.Column("field", sa.UnicodeText, nullable=False),
    sa.Column("message", JSONB, nullable=False),
    sa.Column("remedy", JSONB, nullable=False),
    sa.ForeignKeyConstraint(
        ["source_id", "guid"],
        ["municipal_harvest_record.source_id", "municipal_harvest_record.guid"],
        ondelete="CASCADE",
    ),
    sa.Index("municipal_harvest_finding_record", "source_id", "guid"),
    comment="What the last load of a record found in it",
)
