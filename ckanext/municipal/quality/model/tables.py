"""The tables: scores and their history, links with who uses them, servers left alone, owners, files."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.municipal.quality.score.metrics import Dimension

metadata = tk.BaseModel.metadata
package: Any = model.Package.__table__  # type: ignore[attr-defined]
group: Any = model.Group.__table__  # type: ignore[attr-defined]
_MOMENT = sa.DateTime(timezone=True)

dataset: Any = sa.Table(
    "municipal_quality_dataset",
    metadata,
    sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
    sa.Column("uri", sa.UnicodeText, nullable=False),
    sa.Column("title", JSONB, nullable=False),
    sa.Column("served", sa.Boolean, nullable=False),
    sa.Column("facts", JSONB, nullable=False),
    sa.Column("findings", JSONB, nullable=False),
    sa.Column("points", sa.SmallInteger, nullable=False),
    sa.Column("unknown", sa.SmallInteger, nullable=False),
    sa.Column("attainable", sa.SmallInteger, nullable=False),
    *(sa.Column(name.value, sa.SmallInteger, nullable=False) for name in Dimension),
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
"""``served``: whether it is in the feeds. ``findings``: of the feeds, those of links are made of the
links. ``met``: how many times each metric is met. ``broken``: links. ``data_changed``: as CKAN knows
it; ``link_changed``: as its links do. ``changed``: of this row."""

history: Any = sa.Table(
    "municipal_quality_history",
    metadata,
    sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("points", sa.SmallInteger, nullable=True),
    *(sa.Column(name.value, sa.SmallInteger, nullable=True) for name in Dimension),
    comment="One row a dataset and day on which its score changed; no points where it left",
)

link: Any = sa.Table(
    "municipal_quality_link",
    metadata,
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
    sa.Index("municipal_quality_link_due", "due", "host"),
    comment="One row an address that datasets name: whether it answers, and what is there",
)
"""``id`` is a digest of the address, which may be longer than an index takes. ``state``: NULL for what
was not checked yet. ``checked``: when; ``changed``: when its content was seen to be another."""

use: Any = sa.Table(
    "municipal_quality_link_use",
    metadata,
    sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
    sa.Column("link_id", sa.UnicodeText, primary_key=True),
    sa.ForeignKeyConstraint(["link_id"], ["municipal_quality_link.id"], ondelete="CASCADE"),
    sa.Index("municipal_quality_link_used", "link_id"),
    comment="Which datasets name an address",
)

host: Any = sa.Table(
    "municipal_quality_host",
    metadata,
    sa.Column("host", sa.UnicodeText, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("not_before", _MOMENT, nullable=False),
    comment="Servers that are left alone for a while: they failed, or asked for it",
)

owner: Any = sa.Table(
    "municipal_quality_owner",
    metadata,
    sa.Column("user_id", sa.UnicodeText, primary_key=True),
    sa.Column("every", sa.UnicodeText, nullable=True),
    sa.Column("seen", JSONB(none_as_null=True), nullable=True),
    sa.Column("looked", _MOMENT, nullable=True),
    sa.Column("not_before", _MOMENT, nullable=True),
    comment="One row an owner of departments: how often to tell them, and how their datasets stood",
)
"""``every``: what the owner chose; ``seen``: see `mail.worsening.as_json`; ``looked``: when that was;
``not_before``: a letter could not be sent and waits."""

file: Any = sa.Table(
    "municipal_quality_file",
    metadata,
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
"""``signature``: of the file that was read, see `model.files`. ``tries``: how often that was begun.
``shape``: columns of this version, ``before``: of the one that it is compared with. ``checked``: NULL
while it is read; ``reason``: why it could not be."""


def public() -> Any:
    """Return the condition under which everybody may be told of a dataset, as CKAN has it now.

    It is asked of CKAN's own table: a row here may be older than a dataset that was made private.
    """
    return sa.and_(package.c.state == "active", sa.not_(package.c.private))
