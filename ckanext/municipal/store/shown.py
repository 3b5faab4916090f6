"""Tables of what a page shows: small schemas without a file, and the answer that sends them as CSV."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

import flask
from werkzeug.wsgi import wrap_file

from ckanext.municipal.store import exports
from ckanext.municipal.store.schema import Field, TableSchema, Type

_IN_MEMORY = 1_000_000
_NOTHING: Mapping[str, str] = {"en": "", "el": ""}
Table = tuple[TableSchema, Iterable[Mapping[str, Any]]]


def text(name: str) -> Field:
    """Return a column of texts; names of codes and moments as text are such too."""
    return Field(name, Type.TEXT, _NOTHING, _NOTHING)


def number(name: str, decimals: int = 0) -> Field:
    """Return a column of numbers, whole ones by default."""
    kind = Type.NUMERIC if decimals else Type.INTEGER
    return Field(name, kind, _NOTHING, _NOTHING, decimals=decimals)


def schema(name: str, fields: Iterable[Field]) -> TableSchema:
    """Return the schema of these columns, in their order."""
    return TableSchema(name, _NOTHING, _NOTHING, (), tuple(fields))


def names(field: str, said: Mapping[str, str] | None) -> dict[str, str | None]:
    """Return the cells ``FIELD_el`` and ``FIELD_en`` of a name by language."""
    return {f"{field}_{language}": (said or {}).get(language) for language in ("el", "en")}


def csv_answer(name: str, table: Table) -> flask.Response:
    """Return the answer that sends a table as a file, in little memory for any size.

    For programs, or with ``form=excel`` in the address one that a Greek Excel opens by a double
    click. It is whole before a byte is sent, so that what goes wrong is no half of a file. It is
    made with the reader's rights, so no cache may keep it for others.
    """
    form = exports.EXCEL if flask.request.args.get("form") == "excel" else exports.STANDARD
    file: Any = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - sent, then closed
    size = exports.write_csv(*table, file, form=form)
    file.seek(0)
    sent = wrap_file(flask.request.environ, file)
    answer = flask.Response(sent, content_type="text/csv; charset=utf-8", direct_passthrough=True)
    answer.content_length = size
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    flask.request.environ["__no_cache__"] = True  # CKAN's own sign
    return answer
