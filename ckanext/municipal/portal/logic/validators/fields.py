"""What validators need of a submitted field: siblings, errors beside it, values of any shape."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

Key = tuple[Any, ...]
Flat = dict[Key, Any]
Errors = dict[Key, list[str]]
Validator = Callable[[Key, Flat, Errors, dict[str, Any]], Any]


class Wrong(Exception):
    """A value that a field cannot hold; its text says so in the reader's language, with the remedy."""


def scheming_field(function: Callable[..., Validator]) -> Callable[..., Validator]:
    """Mark a factory ``(field, schema) -> validator`` the way ckanext-scheming looks for it."""
    function.is_a_scheming_validator = True  # type: ignore[attr-defined]
    return function


def is_blank(value: Any) -> bool:
    """Return whether nothing was said: missing, ``None``, white space, an empty list or dict."""
    if value is tk.missing or value is None:
        return True
    return not value.strip() if isinstance(value, str) else value in ([], {})


def sibling(key: Key, name: str) -> Key:
    """Return the key of another field of the same dataset, resource or repeated group."""
    return (*key[:-1], name)


def text(data: Flat, key: Key) -> str:
    """Return a value as text without surrounding white space, ``""`` when nothing was said."""
    value = data.get(key)
    return "" if is_blank(value) else str(value).strip()


def texts(value: Any) -> list[str]:
    """Return a list of texts out of a list, a JSON list or a single text; blanks are dropped."""
    if is_blank(value):
        return []
    if isinstance(value, str):
        try:
            loaded = json.loads(value) if value.lstrip().startswith("[") else [value]
        except ValueError:
            loaded = [value]
        value = loaded
    if not isinstance(value, (list, tuple)):
        value = [value]
    return [str(item).strip() for item in value if not is_blank(item)]


def lines(value: Any) -> list[str]:
    """Return what ``texts`` does, taking a text of several lines as several."""
    parts = (part for item in texts(value) for part in item.splitlines())
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def stop(key: Key, errors: Errors, message: str) -> None:
    """Put an error beside a field and end its validation."""
    errors.setdefault(key, []).append(message)
    raise tk.StopOnError


def checked(check: Callable[[str], Any], given: str, key: Key, errors: Errors) -> Any:
    """Return what ``check`` makes of a text; what it raises as ``Wrong`` is put beside the field."""
    try:
        return check(given)
    except Wrong as wrong:
        stop(key, errors, str(wrong))


def checked_text(check: Callable[[str], Any]) -> Callable[..., Validator]:
    """Make the validator of a field of one text out of ``check``.

    ``check`` is given the text, never a blank one, and returns what is stored, or raises ``Wrong``.
    """

    def factory(field: dict[str, Any], _schema: dict[str, Any]) -> Validator:
        def validate(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
            given = text(data, key)
            if not given:
                leave_blank(key, data, errors, field)
            data[key] = checked(check, given, key, errors)

        return validate

    factory.__name__, factory.__doc__ = check.__name__, check.__doc__
    return scheming_field(factory)


def leave_blank(key: Key, data: Flat, errors: Errors, field: dict[str, Any]) -> None:
    """End the validation of a field that says nothing; complain when it is required."""
    if field.get("required"):
        stop(key, errors, tk._("Missing value: please fill in this field."))
    data.pop(key, None)
    raise tk.StopOnError
