"""The three tables of the feeds, and what of them may be served.

Three triggers of the migration write here whenever CKAN's own tables change, whoever changes them
and however: the change and the note of it are one transaction.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = tk.BaseModel.metadata
package: Any = model.Package.__table__  # type: ignore[attr-defined]
_MOMENT = sa.DateTime(timezone=True)

revisions: Any = sa.Sequence("municipal_feed_revision")  # type: ignore[call-overload]
"""The one counter of revisions; taken only under the lock that `records.write` holds."""

record = sa.Table(
    "municipal_feed_record",
    metadata,
    sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
    sa.Column("uri", sa.UnicodeText, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False, unique=True),
    sa.Column("state", sa.UnicodeText, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("held", _MOMENT, nullable=True),
    sa.Column("removed", _MOMENT, nullable=True),
    sa.Column("created", _MOMENT, nullable=True),
    sa.Column("changed", _MOMENT, nullable=False),
    sa.Column("maker", sa.UnicodeText, nullable=False),
    sa.Column("digest", sa.UnicodeText, nullable=True),
    sa.Column("organization", sa.UnicodeText, nullable=True),
    sa.Column("groups", ARRAY(sa.UnicodeText), nullable=False, server_default="{}"),
    sa.Column("themes", ARRAY(sa.UnicodeText), nullable=False, server_default="{}"),
    sa.Column("hvd", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("kind", sa.UnicodeText, nullable=False, server_default="dataset"),
    sa.Column("findings", JSONB, nullable=False, server_default="[]"),
    sa.Column("turtle", sa.LargeBinary, nullable=True),
    sa.Column("rdfxml", sa.LargeBinary, nullable=True),
    sa.Column("jsonld", sa.LargeBinary, nullable=True),
    sa.Column("ntriples", sa.LargeBinary, nullable=True),
    sa.Column("oai_dc", sa.LargeBinary, nullable=True),
    comment="One row a dataset that is or was in the feeds: its finished record, or its tombstone",
)
"""``held``: since when a deletion is held back. ``removed``: when the guard let it go. ``created``:
first public; NULL for what never was. ``changed``: of this revision. ``maker``: digest of the code
and settings that made it. ``hidden``: made private, and so out at once; the worker makes it gone."""

pending = sa.Table(
    "municipal_feed_pending",
    metadata,
    sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
    sa.Column("transaction", sa.BigInteger, primary_key=True),
    sa.Column("since", _MOMENT, nullable=False, server_default=sa.text("clock_timestamp()")),
    sa.Column("due", _MOMENT, nullable=False, server_default=sa.text("clock_timestamp()")),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    comment="Datasets whose record is to be made again: one row a dataset and transaction",
)

activity = sa.Table(
    "municipal_feed_activity",
    metadata,
    sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("dataset_id", sa.UnicodeText, nullable=False),
    sa.Column("uri", sa.UnicodeText, nullable=False),
    sa.Column("kind", sa.UnicodeText, nullable=False),
    sa.Column("published", _MOMENT, nullable=False),
    sa.Column("ntriples", sa.LargeBinary, nullable=True),
    comment="What happened to records, in order; of what was replaced only that it was is kept",
)


def served() -> Any:
    """Return the condition under which a record is served: all there is to ask before serving.

    A dataset that is made private or a draft is ``hidden`` by a trigger in the same transaction.
    """
    return sa.and_(record.c.state == "public", sa.not_(record.c.hidden))
