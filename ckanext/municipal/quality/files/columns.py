"""A table with the type of each column decided and every value read: what rules look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.municipal.lib.tables.raw import RawTable
from ckanext.municipal.quality.files.deciding import Decision, decide
from ckanext.municipal.quality.files.forms import Form
from ckanext.municipal.quality.files.names import Subject, subject_of
from ckanext.municipal.store.schema import Type

if TYPE_CHECKING:
    import duckdb

_SAMPLE = 4_000  # rows by which types are supposed; all rows then prove it
_THIN = 200  # values of a column in the sample below which the whole column is asked
_DIFFERENT = 5_000  # different values that are weighed
_ROUNDS = 3


class IrregularRows(Exception):
    """The rows of a file that was read where it stands do not stand one on a line."""


@dataclass(slots=True)
class Column:
    """One column: its name, its form, and what was counted.

    ``values`` counts the cells that have a value of the form, ``odd`` those written in an unusual way
    (kept as text, whether or not they could be read), ``misfits`` those that could not.
    """

    place: int
    name: str
    form: Form
    decision: Decision
    values: int = 0
    odd: int = 0
    misfits: int = 0
    least: Any = None
    most: Any = None
    different: int = 0

    @property
    def value(self) -> str:
        """The SQL name of the typed value."""
        return f"v{self.place}"

    @property
    def written(self) -> str:
        """The SQL name of the text of a cell that is not plainly written; for text, the value."""
        return f"v{self.place}" if self.is_text else f"x{self.place}"

    @property
    def is_text(self) -> bool:
        """Return whether the column holds text."""
        return self.form.type is Type.TEXT

    @property
    def subject(self) -> Subject:
        """What the name says that the column holds."""
        return subject_of(self.name)


@dataclass(slots=True)
class Table:
    """A table in the database, typed; ``line`` is the SQL of the row as an editor shows it."""

    connection: duckdb.DuckDBPyConnection
    raw: RawTable
    relation: str
    columns: list[Column]
    rows: int = 0

    @property
    def line(self) -> str:
        """The SQL of the line or row on which a row begins."""
        return "line" if self.raw.first_line is None else f"(rowid + {self.raw.first_line})"

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql).fetchall()

    def one(self, sql: str) -> tuple[Any, ...]:
        """Return the only row of a query."""
        return self.ask(sql)[0]


def typed_table(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    given: Sequence[Form] | None = None,
    relation: str = "typed",
) -> Table:
    """Return a table with its types decided over all of its rows, or with the forms ``given``.

    Raises IrregularRows (see RawTable.rows) and ``duckdb.Error`` where the rows are no rows.
    """
    columns = _supposed(connection, raw, given)
    table = Table(connection, raw, relation, columns)
    for turn in range(_ROUNDS):
        _load(table)
        if given is not None or turn == _ROUNDS - 1 or not _decided_anew(table):
            break
    return table


def _supposed(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, given: Sequence[Form] | None
) -> list[Column]:
    if given is not None:
        return [
            Column(place, name, form, Decision(form))
            for place, (name, form) in enumerate(zip(raw.header, given, strict=True))
        ]
    names = ", ".join(raw.columns)
    sample = connection.execute(
        f"SELECT {names} FROM {raw.relation} LIMIT {_SAMPLE}"  # noqa: S608
    ).fetchall()
    columns = []
    for place, name in enumerate(raw.header):
        values = Counter(row[place] for row in sample if row[place] is not None)
        decision = decide(name, values, typed=raw.typed)
        columns.append(Column(place, name, decision.form, decision))
    return columns


def _load(table: Table) -> None:
    """Read every cell into a table of typed values, and count what was read."""
    raw, columns = table.raw, table.columns
    kept = ["line"] if raw.first_line is None else []
    if raw.spare:
        kept.append(f"c{len(raw.header)}")
    cells = [*kept, *raw.columns]
    # One step a layer: within one, the database would do the work of a step once for each mention.
    reads = [f"{c.form.reading(f'c{c.place}')} AS r{c.place}" for c in columns if not c.is_text]
    plains = [
        f"{c.form.plain(f'c{c.place}', f'r{c.place}')} AS f{c.place}"
        for c in columns
        if not c.is_text
    ]
    values = [_value(column) for column in columns]
    table.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table.relation} AS SELECT {', '.join([*kept, *values])}"  # noqa: S608
        f" FROM (SELECT {', '.join([*cells, *plains])}"
        f" FROM (SELECT {', '.join([*cells, *reads])} FROM {raw.relation}))"
    )
    _count(table)


def _value(column: Column) -> str:
    cell, plain = f"c{column.place}", f"f{column.place}"
    if column.is_text:
        return f"{cell} AS {column.value}"
    value = f"{column.form.value(cell, plain)} AS {column.value}"
    return f"{value}, CASE WHEN {plain} IS NULL THEN {cell} END AS x{column.place}"


def _count(table: Table) -> None:
    asked = ["count(*)", f"count(c{len(table.raw.header)})" if table.raw.spare else "0"]
    for column in table.columns:
        value = column.value
        asked += [f"count({value})", f"min({value})", f"max({value})"]
        if column.is_text:
            asked += ["0", "0", f"approx_count_distinct({value})"]
        else:
            asked += [
                f"count(x{column.place})",
                f"count(*) FILTER (x{column.place} IS NOT NULL AND {value} IS NULL)",
                "0",
            ]
    told = table.one(f"SELECT {', '.join(asked)} FROM {table.relation}")  # noqa: S608
    table.rows, spare = told[0], told[1]
    if table.raw.rows is not None and (table.rows != table.raw.rows or spare):
        raise IrregularRows
    for column, at in zip(table.columns, range(2, len(told), 6), strict=True):
        column.values, column.least, column.most, column.odd, column.misfits, column.different = (
            told[at : at + 6]
        )


def _decided_anew(table: Table) -> bool:
    """Decide again the columns that the rest of the rows show in another light."""
    changed = False
    for column in table.columns:
        known = min(column.values, _SAMPLE)
        if column.misfits:
            values = _fitting(table, column) | _misfits(table, column)
        elif column.is_text and table.rows > _SAMPLE and known > 0 and _was_thin(table, column):
            values = _all(table, column)
        else:
            continue
        decision = decide(column.name, values, typed=table.raw.typed)
        if decision.form != column.form:
            column.form, changed = decision.form, True
        column.decision = decision
    return changed


def _was_thin(table: Table, column: Column) -> bool:
    filled = f"SELECT count({column.value}) FROM (FROM {table.relation} LIMIT {_SAMPLE})"  # noqa: S608
    return table.one(filled)[0] < _THIN


def _fitting(table: Table, column: Column) -> dict[str, int]:
    """Return some values that fit, as they are written in the file, weighed so that they are all."""
    rows = table.ask(
        f"SELECT c{column.place} FROM {table.raw.relation}"  # noqa: S608
        f" WHERE c{column.place} IS NOT NULL LIMIT {_SAMPLE}"
    )
    counted = Counter(value for (value,) in rows)
    fits = {
        value: count
        for value, count in counted.items()
        if decide("", {value: 1}).form.type in (column.form.type, Type.INTEGER)
    } or counted
    weight = max(1, column.values // max(1, sum(fits.values())))
    return {value: count * weight for value, count in fits.items()}


def _misfits(table: Table, column: Column) -> dict[str, int]:
    return _different(table, f"x{column.place}", f"{column.value} IS NULL")


def _all(table: Table, column: Column) -> dict[str, int]:
    return _different(table, column.value, "true")


def _different(table: Table, cell: str, where: str) -> dict[str, int]:
    rows = table.ask(
        f"SELECT {cell}, count(*) FROM {table.relation}"  # noqa: S608
        f" WHERE {cell} IS NOT NULL AND {where} GROUP BY 1 LIMIT {_DIFFERENT}"
    )
    return dict(rows)
