"""docs/actions.md: every action that the suite adds to CKAN's API, from its docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from importlib.metadata import distribution
from typing import Any

from ckan.plugins.interfaces import IActions

from dev.docs import markdown

_FIELD = re.compile(r":(param|type|returns|rtype|raises)([^:`]*):")
_OPENING = """\
Actions that the suite adds to [CKAN's API](https://docs.ckan.org/en/2.11/api/), as their docstrings
have them. Those marked GET only read: call them with the parameters in the address,
`/api/3/action/NAME?parameter=value`. The others take POST with a JSON object and an API token."""


def actions() -> dict[str, Callable[..., Any]]:
    """Return the actions of our plugins by name, without those that only extend one of CKAN's."""
    found = {}
    for entry in distribution("ckanext-municipal").entry_points.select(group="ckan.plugins"):
        plugin = entry.load()
        if IActions.implemented_by(plugin):
            found |= plugin().get_actions()
    return {
        name: action
        for name, action in sorted(found.items())
        if not getattr(action, "chained_action", False)
    }


def render() -> str:
    """Return the page."""
    return markdown.page(_lines())


def _lines() -> Iterator[str]:
    yield "# Actions"
    yield ""
    yield markdown.note("the actions' docstrings")
    yield ""
    yield _OPENING
    for name, action in actions().items():
        method = "GET" if getattr(action, "side_effect_free", False) else "POST"
        yield ""
        yield f"## {name} ({method})"
        yield ""
        yield from _prose(inspect.getdoc(action) or "")


def _prose(docstring: str) -> Iterator[str]:
    """Docstrings are reStructuredText; the little of it that ours use, as Markdown.

    A paragraph of fields (``:param name: ...``) becomes a list, a line that ends with ``::`` opens
    an indented example, which Markdown knows as well.
    """
    for number, paragraph in enumerate(docstring.split("\n\n")):
        if number:
            yield ""
        if paragraph.startswith(":"):
            yield from _fields(paragraph.replace("``", "`"))
        elif paragraph.startswith("    "):
            yield paragraph
        else:
            yield paragraph.replace("``", "`").replace("::", ":")


def _fields(paragraph: str) -> Iterator[str]:
    parts = _FIELD.split(paragraph)[1:]
    for kind, name, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        said = markdown.line(text).rstrip(";")
        if kind == "param":
            yield f"- `{name.strip()}`: {said}"
        elif kind not in ("type", "rtype"):
            yield f"- {kind}: {said}"
