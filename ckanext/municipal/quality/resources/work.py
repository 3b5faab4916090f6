"""Files that wait are read, one at a time in a process. Any number of processes may do it.

That a file is read is noted first: one that takes its process with it is tried so many times, then told
to its publisher, and stops no other.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.http import HttpError
from ckanext.municipal.lib.texts import LANGUAGES, N_, texts
from ckanext.municipal.quality import config
from ckanext.municipal.quality.findings import Severity
from ckanext.municipal.quality.model import files
from ckanext.municipal.quality.model.connection import connection, taken
from ckanext.municipal.quality.model.files import Source
from ckanext.municipal.quality.resources.opening import name_of, opened
from ckanext.municipal.quality.rules import RULES

log = logging.getLogger(__name__)

TRIES = 3
"""How often the reading of a file is begun before it is given up."""
_KEPT = 20  # findings of a rule and column
_FINDINGS = 2_000
_LIST = 100
_GIVEN_UP = N_(
    "{file} could not be read: the check was stopped {tries} times before its end. Make the file"
    " smaller, or tell whoever runs the portal."
)
_COUNTS = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.NOTE: "notes"}


def waits() -> bool:
    """Return whether a file is to be read."""
    with connection() as ours:
        return bool(files.waiting(ours, config.checked_types()))


def check_waiting(
    seconds: float = float("inf"),
    stop: threading.Event | None = None,
    tell: Callable[[str, Mapping[str, Any]], object] = lambda *_: None,
) -> int:
    """Read what waits, for so many seconds or until nothing does; returns how many files were read.

    ``tell`` is given the address of each file and what is written of it.
    """
    ends, done = time.monotonic() + seconds, 0
    with connection() as ours:
        files.forget_gone(ours)
        while batch := files.waiting(ours, config.checked_types(), _LIST):
            before = done
            for source in batch:
                if (stop and stop.is_set()) or time.monotonic() >= ends:
                    return done
                done += _see_to(ours, source.resource_id, tell)
            if done == before:  # others read them
                return done
    return done


def _see_to(ours: Any, resource_id: str, tell: Callable[..., object]) -> bool:
    """Read one file unless another process does, or did; tells whether."""
    with taken(ours, "file", resource_id) as mine:
        found = files.waiting(ours, config.checked_types(), 1, resource_id) if mine else []
        for source in found:
            tries, before = files.begin(ours, source)
            values = _given_up(source) if tries > TRIES else _read(source, before)
            files.put(ours, source, values)
            tell(source.url, values)
    return bool(found)


def _given_up(source: Source) -> dict[str, Any]:
    return _unread(texts(_GIVEN_UP, file=name_of(source.url), tries=TRIES))


def _unread(reason: Mapping[str, str]) -> dict[str, Any]:
    return {"reason": dict(reason), "verdict": None, **dict.fromkeys(_COUNTS.values(), 0)}


def _read(source: Source, before: Mapping[str, Any] | None) -> dict[str, Any]:
    # Only here: what reads tables takes a quarter of a second to load, for which every command would wait.
    from ckanext.municipal.quality.files import told
    from ckanext.municipal.quality.files.checking import Options, check
    from ckanext.municipal.quality.files.cli import box

    options = Options(before=before, box=box(), keep=_KEPT)
    try:
        with opened(source) as path:
            verdict = check(path, name_of(source.url), options)
    except (HttpError, ReadableError) as problem:
        return _unread({name: problem.message(name) for name in LANGUAGES})
    shape = verdict.tables[0].schema.as_json() if verdict.readable and verdict.tables else None
    written = told.as_json(verdict)
    written["findings"] = written["findings"][:_FINDINGS]
    counts: Counter[str] = Counter(dict.fromkeys(_COUNTS.values(), 0))
    for (rule, _sheet, _field), count in verdict.counts.items():
        counts[_COUNTS[RULES[rule].rule.severity]] += count
    values = {"reason": None, "verdict": storable(written), **counts}
    return {**values, "shape": storable(shape)} if shape else values


def storable(value: Any) -> Any:
    """Return plain values as PostgreSQL keeps JSON: no zero character, no half of a character."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {storable(name): storable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [storable(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
