"""What of a new version of a table no longer fits the last one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.municipal.lib.greek import header_key
from ckanext.municipal.quality.files.checks_values import type_name
from ckanext.municipal.quality.files.inferred import InferredSchema
from ckanext.municipal.quality.files.report import Report
from ckanext.municipal.quality.rules import versions as rules
from ckanext.municipal.store.schema import Type

_WIDER = {(Type.INTEGER, Type.NUMERIC), (Type.DATE, Type.TIMESTAMP), (Type.NUMERIC, Type.INTEGER)}


def check_drift(before: Mapping[str, Any], now: InferredSchema, report: Report) -> None:
    """Report columns gone, new or of another type, and rows that are fewer than half.

    ``before`` is what `InferredSchema.as_json` gave of the last version.
    """
    last = {header_key(name): (name, Type(type_)) for name, type_ in before["fields"]}
    fields = {header_key(field.name): field for field in now.fields}
    for key, (name, type_) in last.items():
        field = fields.get(key)
        if field is None:
            report.add(rules.COLUMN_GONE, of=name)
        elif field.type is not type_ and (type_, field.type) not in _WIDER:
            was, is_now = type_name(type_), type_name(field.type)
            report.add(rules.TYPE_CHANGED, of=field.name, before=was, after=is_now)
    for key, field in fields.items():
        if key not in last:
            report.add(rules.COLUMN_NEW, of=field.name)
    if 2 * now.rows < before["rows"]:
        report.add(rules.ROWS_GONE, before=before["rows"], after=now.rows)
