"""Reading a table schema from YAML, with every mistake told by file, place and remedy.

``- include: part`` in a list of fields takes the fields of ``_part.yaml`` beside it; ``prefix``
goes before their names, and ``title`` wraps theirs (``{en: "Total: {}"}``). Fields of a part taken
under a prefix are never required.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from ckanext.municipal.lib.texts import LANGUAGES
from ckanext.municipal.store.errors import SchemaError
from ckanext.municipal.store.schema import Field, TableSchema, Type

# Lower case, no leading underscore: DataStore keeps those names for itself, and PostgreSQL cuts
# a name at 63 bytes.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TABLE_KEYS = {"name", "title", "description", "timezone", "primaryKey", "fields"}
_FIELD_KEYS = {
    *("name", "type", "title", "description", "unit", "decimals"),
    *("index", "search", "labels", "constraints"),
}
_CONSTRAINTS = {"required", "enum", "pattern"}
_MAX_DECIMALS = 12


def read(name: str, folder: Path) -> TableSchema:
    """Return the schema in ``<folder>/<name>.yaml``. Raises SchemaError."""
    file = folder / f"{name}.yaml"
    raw = _yaml(file)
    if not isinstance(raw, dict):
        raise _wrong(file, "file", "it is not a mapping.", "Begin with name, title, fields.")
    _known(file, "table", raw, _TABLE_KEYS)
    if raw.get("name") != name:
        raise _wrong(file, "name", f"it is {raw.get('name')!r}.", f"Write {name}, as the file.")
    fields = tuple(_fields(file, raw.get("fields"), folder))
    names = [each.name for each in fields]
    for each in names:
        if names.count(each) > 1:
            raise _wrong(file, f"fields: {each}", "it is there twice.", "Remove or rename one.")
    return TableSchema(
        name=name,
        title=_texts(file, "title", raw.get("title")),
        description=_texts(file, "description", raw.get("description")),
        key=_key(file, raw.get("primaryKey"), fields),
        fields=fields,
        timezone=_timezone(file, raw.get("timezone")),
    )


def _wrong(file: Path, place: str, reason: str, remedy: str) -> SchemaError:
    return SchemaError(file=file.name, place=place, reason=reason, remedy=remedy)


def _yaml(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        remedy = f"Put it in {file.parent.name}/, or correct the name."
        raise _wrong(file, "file", "there is no such schema.", remedy) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "file"
        raise _wrong(file, place, "it is not YAML in UTF-8.", "Correct the line.") from None


def _known(file: Path, place: str, raw: Mapping[str, Any], allowed: set[str]) -> None:
    for key in raw:
        if key not in allowed:
            listed = ", ".join(sorted(allowed))
            raise _wrong(file, place, f"{key!r} is not known.", f"It may have: {listed}.")


def _texts(file: Path, place: str, raw: Any) -> Mapping[str, str]:
    if not isinstance(raw, dict) or set(raw) != set(LANGUAGES) or not all(raw.values()):
        listed = ", ".join(LANGUAGES)
        raise _wrong(file, place, "a language is missing.", f"Give a text for each of: {listed}.")
    return {language: str(raw[language]).strip() for language in LANGUAGES}


def _key(file: Path, raw: Any, fields: tuple[Field, ...]) -> tuple[str, ...]:
    key = (raw,) if isinstance(raw, str) else tuple(raw or ())
    if not key:
        raise _wrong(file, "primaryKey", "it is missing.", "Name the fields that name a row.")
    by_name = {each.name: each for each in fields}
    for name in key:
        if name not in by_name:
            raise _wrong(file, "primaryKey", f"there is no field {name}.", "Name fields only.")
        if not by_name[name].required:
            remedy = f"Set constraints: required: true on {name}."
            raise _wrong(file, "primaryKey", f"{name} may be empty.", remedy)
        if by_name[name].type is Type.JSON:
            raise _wrong(file, "primaryKey", f"{name} is JSON.", "Choose a plain field.")
    return key


def _timezone(file: Path, raw: Any) -> ZoneInfo | None:
    if raw is None:
        return None
    try:
        return ZoneInfo(str(raw))
    except (ZoneInfoNotFoundError, ValueError):
        remedy = "Write an IANA name, as Europe/Athens."
        raise _wrong(file, "timezone", f"{raw!r} is not known.", remedy) from None


def _fields(file: Path, raw: Any, folder: Path) -> Iterator[Field]:
    if not isinstance(raw, list) or not raw:
        raise _wrong(file, "fields", "there is none.", "List the fields of the table.")
    for item in raw:
        if isinstance(item, dict) and "include" in item:
            yield from _included(file, item, folder)
        else:
            yield _field(file, item)


def _included(file: Path, item: Mapping[str, Any], folder: Path) -> Iterator[Field]:
    _known(file, "include", item, {"include", "prefix", "title"})
    part = folder / f"_{item['include']}.yaml"
    prefix = item.get("prefix", "")
    wrap = _texts(file, "include: title", item["title"]) if "title" in item else None
    for raw in _yaml(part) or ():
        name, titles = f"{prefix}{raw.get('name')}", raw.get("title")
        if wrap:
            plain = _texts(part, f"{name}: title", titles)
            titles = {language: wrap[language].format(plain[language]) for language in LANGUAGES}
        yield _field(part, {**raw, "name": name, "title": titles})


def _field(file: Path, raw: Any) -> Field:
    name = raw.get("name") if isinstance(raw, dict) else None
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        remedy = "Use a-z, 0-9 and _, a letter first, 63 at most."
        raise _wrong(file, f"fields: {name}", "it is not a field name.", remedy)
    place = f"fields: {name}"
    _known(file, place, raw, _FIELD_KEYS)
    constraints = raw.get("constraints") or {}
    _known(file, f"{place}: constraints", constraints, _CONSTRAINTS)
    kind = _type(file, place, raw.get("type"))
    enum: tuple[object, ...] = tuple(constraints.get("enum") or ())
    if enum and (kind is not Type.TEXT or not all(isinstance(each, str) for each in enum)):
        raise _wrong(file, place, "enum is for texts.", "Quote the values, or drop enum.")
    return Field(
        name=name,
        type=kind,
        title=_texts(file, f"{place}: title", raw.get("title")),
        description=_texts(file, f"{place}: description", raw.get("description")),
        required=bool(constraints.get("required", False)),
        unit=str(raw.get("unit", "")),
        decimals=_decimals(file, place, kind, raw.get("decimals")),
        enum=enum,
        labels=_labels(file, place, enum, raw.get("labels")),
        pattern=_pattern(file, place, kind, constraints.get("pattern")),
        index=bool(raw.get("index", False)),
        search=bool(raw.get("search", kind is Type.TEXT and not enum)),
    )


def _type(file: Path, place: str, raw: Any) -> Type:
    try:
        return Type(raw)
    except ValueError:
        listed = ", ".join(Type.__members__.values())
        raise _wrong(file, place, f"type {raw!r} is not known.", f"Use: {listed}.") from None


def _decimals(file: Path, place: str, kind: Type, raw: Any) -> int:
    if kind is not Type.NUMERIC:
        if raw is not None:
            raise _wrong(file, place, "decimals are for numeric.", "Remove them.")
        return 0
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw <= _MAX_DECIMALS:
        remedy = f"Set decimals, 0 to {_MAX_DECIMALS}: a number has one written form."
        raise _wrong(file, place, "a numeric field must say its decimals.", remedy)
    return raw


def _labels(file: Path, place: str, enum: tuple[str, ...], raw: Any) -> dict[str, Any]:
    raw = raw or {}
    if set(raw) - set(enum):
        raise _wrong(file, place, "a label has no value.", "Label the values of enum only.")
    return {value: _texts(file, f"{place}: labels: {value}", raw[value]) for value in raw}


def _pattern(file: Path, place: str, kind: Type, raw: Any) -> re.Pattern[str] | None:
    if raw is None:
        return None
    if kind is not Type.TEXT:
        raise _wrong(file, place, "pattern is for texts.", "Remove it.")
    try:
        return re.compile(raw)
    except (re.error, TypeError):
        remedy = "Correct the regular expression."
        raise _wrong(file, f"{place}: pattern", "it cannot be read.", remedy) from None
