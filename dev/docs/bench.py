"""docs/bench.md: what `make bench` measures, from the docstrings of the figures in bench/."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from dev.docs import markdown

FOLDER = Path(__file__).resolve().parent.parent.parent / "bench"
_OPENING = """\
`make bench` measures each figure beside a peer, that is the usual way of doing the same or a floor
that does less, and writes `bench/results.json`: one object, a key a figure. Both ways take
turns in one run and their medians are compared, so that a busy moment of the machine meets both.

| Key | Meaning |
|---|---|
| `ratio` | `peer_s` over `ours_s`: how many times faster ours is; below 1 it is slower, as beside a floor |
| `ours_s`, `peer_s` | seconds, the median of `repeats` |
| `cores`, `load_1min` | the machine, and how busy it was at the end |

Further keys are told below. One figure alone, while the services of the tests run:
`CKAN_INI=var/test-2.11.ini .venv/bin/python -m bench NAME`."""


def figures() -> dict[str, str]:
    """Return the docstring of every figure by its name."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
        if "run" in names:
            found[path.stem] = ast.get_docstring(module) or ""
    return found


def render() -> str:
    """Return the page."""
    return markdown.page(_lines())


def _lines() -> Iterator[str]:
    yield "# Speed"
    yield ""
    yield markdown.note("the figures in bench/")
    yield ""
    yield _OPENING
    for name, docstring in figures().items():
        yield ""
        yield f"## `{name}`"
        yield ""
        yield docstring.replace("``", "`")
