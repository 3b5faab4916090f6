"""What can go wrong between rows and their table, each with a sentence that says what to do."""

from __future__ import annotations

from typing import Any

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_


class StoreError(ReadableError):
    """Nothing was written, or nothing could be read: the reason and the remedy, for people."""

    msgid = N_("The rows could not be stored.")


class SchemaError(StoreError):
    """A table schema file says something that cannot be."""

    msgid = N_("{file}: {place}: {reason} {remedy}")


class RowError(StoreError):
    """A row that its table cannot hold; ``row`` is its position among the rows given, from 1.

    ``key`` is the row's own key as text (``side=revenue, code_raw=0111.01.01``), so that it can be
    found in the file that it came from.
    """

    quotes_data = True

    def __init__(self, *, table: str, row: int, key: str, field: str = "", **values: Any) -> None:
        self.row = row
        self.field = field
        super().__init__(table=table, row=row, key=key, field=field, **values)


class MissingValue(RowError):
    """A required field is NULL."""

    msgid = N_(
        "{table}, row {row} ({key}): field {field} is empty, and it must not be. "
        "Give it a value, or set the row aside before storing."
    )


class WrongValue(RowError):
    """A value that its field's type or constraints do not allow."""

    msgid = N_(
        "{table}, row {row} ({key}): field {field} cannot hold {value}; it holds {expected}. "
        "Correct the value, or set the row aside before storing."
    )


class WrongShape(RowError):
    """A row with other fields than the schema's."""

    msgid = N_(
        "{table}, row {row}: it has {found}, the schema has {expected}. "
        "Give one value for each field of the schema."
    )


class DuplicateKey(RowError):
    """Two rows with the same key."""

    msgid = N_(
        "{table}, row {row} ({key}): row {first} has the same key. "
        "A key names one row: remove one of the two, or set both aside before storing."
    )


class SchemaChanged(StoreError):
    """The stored table was made by another version of the schema, and rows would be lost."""

    msgid = N_(
        "{table}: the stored table differs from its schema ({difference}), and a merge would leave "
        "old rows in the old form. Load the table whole once (replace), which rebuilds it."
    )


class ForeignTable(StoreError):
    """The name is taken in the DataStore by something that is not a table of ours to change."""

    msgid = N_(
        "{table}: there is a {kind} with this name in the DataStore. Use the id of the resource "
        "itself, not an alias."
    )


class Busy(StoreError):
    """Another process held the lock longer than the caller would wait."""

    again = True
    msgid = N_(
        "Another process is loading {lock} and did not finish within {seconds} seconds. "
        "Wait for it, then run again."
    )


class StoreUnavailable(StoreError):
    """The DataStore database cannot be reached, or went away in the middle."""

    again = True
    msgid = N_(
        "The connection to the DataStore failed, and nothing was changed: {reason}. "
        "Check that PostgreSQL runs and that ckan.datastore.write_url is right, then run again."
    )


class Refused(StoreError):
    """PostgreSQL said no for a reason that is not in the rows."""

    again = True
    msgid = N_(
        "The DataStore refused, and nothing was changed: {reason}. If it is a right that is "
        "missing, run ckan datastore set-permissions; if it is room, make some; then run again."
    )


class NoTable(StoreError):
    """There is no such table."""

    msgid = N_("There is no table of {table} yet. Harvest or load the data first.")


class UnknownField(StoreError):
    """A filter, sort or selection names a field that the table does not have."""

    msgid = N_("{table} has no field {field}. Its fields are: {fields}.")


class BadFilter(StoreError):
    """A filter value that its field cannot be compared with."""

    msgid = N_("{table}: field {field} cannot be filtered by {value}; it holds {expected}.")


class BadPosition(StoreError):
    """The place where a page begins is damaged, or belongs to another order."""

    msgid = N_("The address of this page is not valid. Begin again at the first page.")
