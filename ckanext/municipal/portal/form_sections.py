"""The fields of a long form in sections, of which the rarely needed are folded. Pure."""

from __future__ import annotations

from typing import Any


def sections(
    fields: list[dict[str, Any]], data: dict[str, Any], errors: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return ``{title, folded, open, fields}`` a section, with the fields that the form asks.

    A field begins a section with ``form_section`` (a text by language) and folds it with
    ``form_folded``. A folded one stands open when it holds a value or an error.
    """
    found: list[dict[str, Any]] = []
    for field in fields:
        if field.get("form_section") or not found:
            folded = bool(field.get("form_folded"))
            title = field.get("form_section")
            found.append({"title": title, "folded": folded, "open": False, "fields": []})
        if field.get("form_snippet", "") is None:
            continue
        section = found[-1]
        section["fields"].append(field)
        section["open"] = section["open"] or _is_used(field, data) or _is_used(field, errors)
    return [section for section in found if section["fields"]]


def _is_used(field: dict[str, Any], values: dict[str, Any]) -> bool:
    """Return whether a field, one of its languages or of its groups says something but its default."""
    name = field["field_name"]
    told = (v for k, v in values.items() if k == name or k.startswith(f"{name}-"))
    return any(value not in (None, "", [], {}, field.get("default")) for value in told)
