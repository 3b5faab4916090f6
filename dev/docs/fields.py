"""docs/fields.md: what a dataset, a resource, a department and a theme say, from ``schemas/*.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from dev.docs import markdown

FOLDER = Path(__file__).resolve().parent.parent.parent / "schemas"
Said = dict[str, Any]
_OPENING = """\
The fields of each type, by their name in the API and their label in the form. *Required* ones stop
a dataset from being saved. A field with a *list* takes an entry of it, written as its URI, its code
or its name in Greek or English, and is kept as the URI. A field whose name ends in `_translated`
takes a text a language: `{"el": "...", "en": "..."}`; the plain field beside it (`title`, `notes`,
`name`, `description`) fills itself."""
_TYPES = {
    "dataset": "dataset_fields",
    "budget": "dataset_fields",
    "issue_reports": "dataset_fields",
    "organization": "fields",
    "group": "fields",
}
_FORMS = {
    "municipal_date": "A date: `2016`, `2016-04`, `2016-04-01`, with or without a time.",
    "municipal_email": "An e-mail address.",
    "municipal_link": "A web address or another URI.",
    "municipal_links": "Addresses, one a line; in the API a list.",
    "municipal_standards": "Addresses or names, one a line; in the API a list.",
    "municipal_duration": "An ISO 8601 duration: `P1Y`, `P1M`, `P1D`, `PT1H`, `PT15M`.",
    "municipal_metres": "Metres, as `0.5` or `30`.",
    "municipal_geometry": "GeoJSON in degrees, longitude first; or the name of a place.",
    "municipal_afm": "Nine digits, whose last one is checked.",
    "municipal_ada": "The ΑΔΑ of a decision, as Diavgeia prints it.",
    "municipal_diavgeia_id": "Digits, as `6114`.",
    "municipal_phone": "As `+30 2313 317777`.",
    "municipal_size": "A number of bytes.",
    "municipal_fiscal_year": "Four digits, as `2016`.",
}
"""What a preset or a validator takes, where the field itself has no help text."""
_HEADINGS = {
    "dataset": "Dataset",
    "budget": "Budget of a year: what it adds to a dataset",
    "issue_reports": "Citizens' requests: what they add to a dataset",
    "organization": "Department (organisation)",
    "group": "Theme (group)",
}


def fields_of(type_: str, key: str) -> list[Said]:
    """Return the fields of a type's YAML (``dataset``, ``budget``, ...) that a person or API may set."""
    schema = yaml.safe_load((FOLDER / f"{type_}.yaml").read_text(encoding="utf-8"))
    return [field for field in schema[key] if field.get("preset") != "municipal_filled"]


def render() -> str:
    """Return the page."""
    return markdown.page(_lines())


def _lines() -> Iterator[str]:
    yield "# Fields"
    yield ""
    yield markdown.note("schemas/*.yaml")
    yield ""
    yield _OPENING
    for type_, key in _TYPES.items():
        listed = fields_of(type_, key)
        if type_ in ("budget", "issue_reports"):
            known = {field["field_name"] for field in fields_of("dataset", key)}
            listed = [field for field in listed if field["field_name"] not in known]
        yield from _section(_HEADINGS[type_], listed)
        if type_ == "dataset":
            yield from _section("Resource", fields_of(type_, "resource_fields"))


def _section(heading: str, listed: list[Said]) -> Iterator[str]:
    yield ""
    yield f"## {heading}"
    yield ""
    rows = [row for field in listed for row in _rows(field)]
    yield from markdown.table(("Field", "Label", "What to write"), rows)


def _rows(field: Said, parent: str = "") -> Iterator[tuple[str, str, str]]:
    label, name = field["label"], parent + field["field_name"]
    both = label["en"] if label["en"] == label["el"] else f"{label['en']}, {label['el']}"
    yield f"`{name}`", both, _said(field)
    for part in field.get("repeating_subfields", ()):
        yield from _rows(part, f"{name}.")


def _said(field: Said) -> str:
    parts = []
    if field.get("required"):
        parts.append("*Required.*")
    if "help_text" in field:
        parts.append(field["help_text"]["en"])
    elif forms := _forms(field):
        parts.append(forms)
    if "vocabulary" in field:
        parts.append(f"List: `{field['vocabulary']}`.")
    if "choices" in field:
        values = ", ".join(f"`{choice['value']}`" for choice in field["choices"])
        parts.append(f"One of: {values}.")
    if "repeating_subfields" in field:
        parts.append("At most one." if field.get("repeating_once") else "May be repeated.")
    if field.get("form_snippet", "") is None:
        parts.append("API only.")
    return " ".join(parts)


def _forms(field: Said) -> str:
    words = [field.get("preset", ""), *field.get("validators", "").split()]
    return next((_FORMS[word] for word in words if word in _FORMS), "")
