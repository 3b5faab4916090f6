"""Decides how a source is read this time: everything or what changed, from the start or from a cursor.

What a run has stored is known from the table of readings, written in the same transaction as the
rows; when the last whole walk was, and where the last walk ended, comes from the ledger of the
harvest as well, since a run that changed nothing writes no row. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Row = Mapping[str, Any]
COUNTS = ("read", "inserted", "changed", "withdrawn", "refused")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read: ``read_at`` names the reading, and stays its name when it is resumed.

    ``cursor`` is where the walk starts, None for the start. ``resumed``: another process began
    this reading, and ``counts`` is what it did. ``dirty``: rows were stored since the last
    reading that was finished, so that what is made from all rows has to be made anew. ``restated``:
    the code or the configuration is another one, so that it may say other things of the same rows.
    ``last_whole`` is when the last whole walk began that was finished.
    """

    read_at: datetime
    whole: bool
    cursor: Any = None
    resumed: bool = False
    dirty: bool = False
    restated: bool = False
    counts: Mapping[str, int] | None = None
    last_whole: datetime | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What the ledger keeps of the runs that ended well: who read, the last whole walk, the cursor."""

    reader: str
    whole: datetime | None
    cursor: Any

    def write(self) -> str:
        """Return it as text."""
        whole = self.whole.isoformat() if self.whole else None
        kept = {"reader": self.reader, "whole": whole, "cursor": self.cursor}
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def read(cls, text: str | None) -> Memory | None:
        """Return what `write` wrote; None for nothing, and for what this version cannot read."""
        try:
            kept = json.loads(text or "null")
            whole = kept["whole"]
            when = datetime.fromisoformat(whole) if whole else None
            return cls(kept["reader"], when, kept["cursor"])
        except (ValueError, TypeError, KeyError):
            return None


def plan_reading(
    readings: Iterable[Row],
    memory: Memory | None,
    *,
    now: datetime,
    reader: str,
    incremental: bool,
    whole_every: timedelta,
    confirmed: bool = False,
) -> Plan:
    """Return how to read a source now.

    ``readings`` are the rows of the table of readings; ``reader`` the mark of the code and the
    configuration: readings of another mark are no base for an incremental walk. ``confirmed``: the
    operator answered a question about deletions, which only a whole walk can carry out.
    """
    told = sorted(readings, key=lambda row: row["read_at"])
    newest = told[-1] if told else None
    if memory is None or memory.reader != reader:
        memory = _from_readings(told, reader)
    last_whole = memory.whole if memory else None
    dirty = newest is not None and not newest["finished"]
    if newest and dirty and newest["reader"] == reader and (newest["whole"] or not confirmed):
        return Plan(
            newest["read_at"],
            newest["whole"],
            json.loads(newest["cursor"]) if newest["cursor"] else None,
            resumed=True,
            dirty=True,
            counts={name: newest[name] for name in COUNTS},
            last_whole=last_whole,
        )
    cursor = memory.cursor if memory else None
    due = last_whole is None or now - last_whole >= whole_every
    whole = due or confirmed or not incremental or cursor is None
    return Plan(
        now,
        whole,
        None if whole else cursor,
        dirty=dirty,
        restated=newest is not None and memory is None,
        last_whole=last_whole,
    )


def _from_readings(told: list[Row], reader: str) -> Memory | None:
    """What the table knows where the ledger knows nothing: after a run that failed.

    Nothing if the newest reading is somebody else's: the rows are no more as the own ones left them.
    """
    if not told or told[-1]["reader"] != reader:
        return None
    finished = [row for row in told if row["finished"] and row["reader"] == reader]
    wholes = [row["read_at"] for row in finished if row["whole"]]
    cursors = [row["cursor"] for row in finished if row["cursor"]]
    if not wholes:
        return None
    return Memory(reader, wholes[-1], json.loads(cursors[-1]) if cursors else None)
