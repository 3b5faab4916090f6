"""Finished records, what waits to be made, the log of changes, and the triggers that see a change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_PAYLOADS = ("turtle", "rdfxml", "jsonld", "ntriples", "oai_dc")

# A change is noted once a dataset and transaction. Rows of other transactions are never touched, so that
# who saves waits for no worker, and a worker forgets no change that came while it worked.
_NOTE = """
CREATE FUNCTION municipal_feed_note(dataset text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO municipal_feed_pending (dataset_id, transaction)
    SELECT dataset, txid_current() WHERE dataset IS NOT NULL
    ON CONFLICT DO NOTHING
$$
"""
# What is hidden is out of the feeds in the very transaction that hides it.
_OF_PACKAGE = """
CREATE FUNCTION municipal_feed_of_package() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM municipal_feed_note(OLD.id);
        RETURN NULL;
    END IF;
    IF NEW.private OR NEW.state NOT IN ('active', 'deleted') THEN
        UPDATE municipal_feed_record SET hidden = true WHERE dataset_id = NEW.id AND NOT hidden;
    END IF;
    PERFORM municipal_feed_note(NEW.id);
    RETURN NULL;
END
$$
"""
_OF_PART = """
CREATE FUNCTION municipal_feed_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM municipal_feed_note(OLD.package_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM municipal_feed_note(NEW.package_id);
    END IF;
    RETURN NULL;
END
$$
"""
_OF_MEMBER = """
CREATE FUNCTION municipal_feed_of_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.table_name = 'package' THEN
        PERFORM municipal_feed_note(OLD.table_id);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.table_name = 'package' THEN
        PERFORM municipal_feed_note(NEW.table_id);
    END IF;
    RETURN NULL;
END
$$
"""
# An organisation is the publisher of its datasets, a group their theme.
_OF_GROUP = """
CREATE FUNCTION municipal_feed_of_group() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text;
BEGIN
    IF TG_TABLE_NAME = 'group' THEN
        changed := OLD.id;
    ELSIF TG_OP = 'DELETE' THEN
        changed := OLD.group_id;
    ELSE
        changed := NEW.group_id;
    END IF;
    INSERT INTO municipal_feed_pending (dataset_id, transaction)
    SELECT id, txid_current() FROM package WHERE owner_org = changed
    UNION
    SELECT table_id, txid_current() FROM member WHERE group_id = changed AND table_name = 'package'
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$
"""
_FUNCTIONS = {
    "municipal_feed_note": _NOTE,
    "municipal_feed_of_package": _OF_PACKAGE,
    "municipal_feed_of_part": _OF_PART,
    "municipal_feed_of_member": _OF_MEMBER,
    "municipal_feed_of_group": _OF_GROUP,
}
_ANY = "INSERT OR UPDATE OR DELETE"
# Extras are tables of their own until CKAN 2.12; there they are a column.
_TRIGGERS = {
    "package": ("municipal_feed_of_package", _ANY),
    "package_extra": ("municipal_feed_of_part", _ANY),
    "package_tag": ("municipal_feed_of_part", _ANY),
    "resource": ("municipal_feed_of_part", _ANY),
    "member": ("municipal_feed_of_member", _ANY),
    "group": ("municipal_feed_of_group", "UPDATE"),
    "group_extra": ("municipal_feed_of_group", _ANY),
}


def upgrade() -> None:
    """Create tables and triggers; every dataset that is there waits for its first record."""
    op.execute("CREATE SEQUENCE municipal_feed_revision")
    _create_record()
    _create_pending()
    _create_activity()
    for function in _FUNCTIONS.values():
        op.execute(function)
    for table, (function, events) in _present(_TRIGGERS).items():
        op.execute(
            f'CREATE TRIGGER municipal_feed AFTER {events} ON "{table}"'
            f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    op.execute("SELECT municipal_feed_note(id) FROM package")


def downgrade() -> None:
    """Drop all of it; the next upgrade makes every record anew, as new datasets to clients."""
    for table in _present(_TRIGGERS):
        op.execute(f'DROP TRIGGER municipal_feed ON "{table}"')
    for function in reversed(_FUNCTIONS):
        op.execute(f"DROP FUNCTION {function}")
    for table in ("activity", "pending", "record"):
        op.drop_table(f"municipal_feed_{table}")
    op.execute("DROP SEQUENCE municipal_feed_revision")


def _create_record() -> None:
    op.create_table(
        "municipal_feed_record",
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
        *(sa.Column(name, sa.LargeBinary, nullable=True) for name in _PAYLOADS),
        sa.CheckConstraint(
            "state IN ('public', 'quarantined', 'gone')", name="municipal_feed_record_state"
        ),
        sa.CheckConstraint("kind IN ('dataset', 'series')", name="municipal_feed_record_kind"),
        comment="One row a dataset that is or was in the feeds: its finished record, or its tombstone",
    )
    op.create_index("municipal_feed_record_uri", "municipal_feed_record", ["uri"])
    op.create_index(
        "municipal_feed_record_served",
        "municipal_feed_record",
        ["dataset_id"],
        postgresql_where=sa.text("state = 'public' AND NOT hidden"),
    )
    # Lists and counts look at rows by the thousand: what is long lies outside of them.
    op.execute("ALTER TABLE municipal_feed_record SET (toast_tuple_target = 128)")
    _compress_fast("municipal_feed_record", _PAYLOADS)


def _create_pending() -> None:
    op.create_table(
        "municipal_feed_pending",
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
        sa.Column("transaction", sa.BigInteger, primary_key=True),
        sa.Column("since", _MOMENT, nullable=False, server_default=sa.text("clock_timestamp()")),
        sa.Column("due", _MOMENT, nullable=False, server_default=sa.text("clock_timestamp()")),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        comment="Datasets whose record is to be made again: one row a dataset and transaction",
    )
    op.create_index("municipal_feed_pending_due", "municipal_feed_pending", ["due", "dataset_id"])


def _create_activity() -> None:
    op.create_table(
        "municipal_feed_activity",
        sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False),
        sa.Column("uri", sa.UnicodeText, nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("published", _MOMENT, nullable=False),
        sa.Column("ntriples", sa.LargeBinary, nullable=True),
        sa.CheckConstraint(
            "kind IN ('Create', 'Update', 'Delete')", name="municipal_feed_activity_kind"
        ),
        comment="What happened to records, in order; rows are only added",
    )
    op.create_index("municipal_feed_activity_published", "municipal_feed_activity", ["published"])
    _compress_fast("municipal_feed_activity", ("ntriples",))


def _compress_fast(table: str, columns: tuple[str, ...]) -> None:
    """Use lz4 where PostgreSQL (from 14) has it: it is unpacked in a fraction of the time."""
    has_lz4 = op.get_bind().scalar(
        sa.text(
            "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
        )
    )
    for column in columns if has_lz4 else ():
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION lz4")


def _present(triggers: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    tables = set(sa.inspect(op.get_bind()).get_table_names())
    return {table: how for table, how in triggers.items() if table in tables}
