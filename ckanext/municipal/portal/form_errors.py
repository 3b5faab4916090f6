"""The errors of a form as a list of links, one an input, in the order of the form. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

# Inputs whose id CKAN or ckanext-scheming chose differently.
_ANCHORS = {
    "owner_org": "field-organizations",
    "url": "field-resource-url",
    "image_url": "field-image-url",
}


def summary(
    errors: dict[str, Any], fields: list[dict[str, Any]], text: Callable[[Any], str]
) -> list[dict[str, str]]:
    """Return ``{name, anchor, label, message}`` an error: fields of the schema first, then the rest.

    ``text`` gives a label in the reader's language.
    """
    left = dict(errors)
    found: list[dict[str, str]] = []
    for field in fields:
        name = field["field_name"]
        for key in [key for key in left if key == name or key.startswith(f"{name}-")]:
            found.extend(_of_field(key, left.pop(key), field, text))
    for key in sorted(left):
        for message in _messages(left[key]):
            found.append({"name": key, "anchor": _anchor(key), "label": key, "message": message})
    return found


def _of_field(
    key: str, value: Any, field: dict[str, Any], text: Callable[[Any], str]
) -> Iterator[dict[str, str]]:
    label = text(field.get("label") or key)
    subfields = {sub["field_name"]: sub for sub in field.get("repeating_subfields") or ()}
    for number, item in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(item, dict):
            yield {"name": key, "anchor": _anchor(key), "label": label, "message": str(item)}
            continue
        for name, messages in item.items():
            input_name = f"{key}-{number}-{name}"
            inner = text(subfields.get(name, {}).get("label") or name)
            for message in _messages(messages):
                yield {
                    "name": input_name,
                    "anchor": _anchor(input_name),
                    "label": f"{label} {number + 1}, {inner}",
                    "message": message,
                }


def _anchor(name: str) -> str:
    return _ANCHORS.get(name, f"field-{name}")


def _messages(value: Any) -> Iterator[str]:
    """Yield the texts in errors of any nesting."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _messages(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _messages(inner)
