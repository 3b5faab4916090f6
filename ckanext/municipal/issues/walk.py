"""One reading of a source: its batches into the tables, and at its end what is made from all rows.

A batch and its cursor are one transaction: a process that is killed is resumed at the last batch
that is stored. Batches that change nothing write nothing, not even the cursor: to read them again
costs time only. Every step may be repeated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues import model
from ckanext.municipal.issues.intake import Intake, Limits, Rows, Taken
from ckanext.municipal.issues.reading import Memory, Plan
from ckanext.municipal.issues.request import Reader
from ckanext.municipal.issues.tables import Row, Tables
from ckanext.municipal.store.transaction import Transaction, transaction


@dataclass(frozen=True, slots=True)
class Target:
    """Where a walk stores: the dataset's tables, the smallest group told, the mark of the reader."""

    tables: Tables
    k: int
    reader: str


class Walk:
    """Goes through a source once. ``changed`` tells whether any stored row is another one now."""

    def __init__(self, target: Target, plan: Plan, rows: Rows, report: Report) -> None:
        self.changed = False
        self.cursor = plan.cursor
        self._target, self._plan, self._rows = target, plan, rows
        self._tables = target.tables
        self._package_id = target.tables.package_id
        self._intake = Intake(target.tables, plan, rows, report)
        self._counts = self._intake.counts
        self._recorded = plan.resumed
        self._kept = False

    def store(self, reader: Reader) -> None:
        """Read the source to its end and store what it gives."""
        for taken in self._intake.batches(reader):
            self._store(taken)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many requests were read, inserted, changed, withdrawn and refused."""
        return self._counts

    def finish(self, limits: Limits) -> None:
        """End the reading: remove what is gone, decide anew which places are told, make the figures.

        What is gone stays where `Intake.gone` says so. A reading that changed nothing writes
        nothing here.
        """
        gone = self._intake.gone(limits)
        self._kept = gone is None
        if gone or self._recorded or self._plan.dirty or self._plan.restated:
            self._conclude(gone or [])
        if self._plan.whole:
            self._intake.seen.forget()

    def remembered(self) -> Memory:
        """Return what the ledger is to keep of this walk, once it is finished.

        One that left in place what seems to be gone is followed by a whole one.
        """
        whole = self._plan.read_at if self._plan.whole else self._plan.last_whole
        return Memory(self._target.reader, None if self._kept else whole, self.cursor)

    def _store(self, taken: Taken) -> None:
        rows, gone = taken.rows, taken.withdrawn
        model.put_cells(self._package_id, rows.values())
        for id_, place in model.shown_places(self._package_id, self._target.k, list(rows)):
            rows[id_].update(place)
        if taken.cursor is not None:
            self.cursor = taken.cursor
        stale = self._stale_events(taken)
        with transaction(self._tables.lock) as tx:
            changes = self._merge(tx, "requests", rows.values(), [(id_,) for id_ in gone])
            self._counts["inserted"] += changes.inserted
            self._counts["changed"] += changes.updated
            self._counts["withdrawn"] += changes.deleted
            changed = bool(changes) | bool(self._merge(tx, "events", taken.events, stale))
            if changed:
                self._intake.seen.keep()
                self._record(tx, finished=False)
        self.changed |= changed
        if gone:
            model.forget_cells(self._package_id, gone)

    def _stale_events(self, taken: Taken) -> list[tuple[Any, ...]]:
        """The keys of stored events that their requests have no more."""
        now = {(event["id"], event["sequence"]) for event in taken.events}
        stored = self._event_keys([*taken.rows, *taken.withdrawn])
        return [key for key in stored if key not in now]

    def _event_keys(self, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        key = self._tables.schema("events").key
        for row in self._tables.of("events", ids, fields=key):
            yield tuple(row[name] for name in key)

    def _conclude(self, gone: Sequence[str]) -> None:
        model.forget_cells(self._package_id, gone)
        removed = set(gone)
        stale = list(self._event_keys(gone))
        with transaction(self._tables.lock) as tx:
            moved = model.moved(self._package_id, self._target.k, self._tables.requests())
            stay = (row for row in moved if row["id"] not in removed)
            changes = self._merge(tx, "requests", stay, [(id_,) for id_ in gone])
            self._counts["withdrawn"] += changes.deleted
            self._merge(tx, "events", (), stale)
            if self._make_anew(tx) or changes or self._recorded or self._plan.dirty:
                self._record(tx, finished=True)
                self.changed = True

    def _make_anew(self, tx: Transaction) -> bool:
        """Make what is made from all rows; returns whether any of it is another one."""
        stored = list(self._tables.rows("categories", tx))
        categories = self._replace(
            tx, "categories", lambda rows: self._rows.categories(rows, stored)
        )
        return self._replace(tx, "statistics", self._rows.statistics) or categories

    def _replace(
        self, tx: Transaction, table: str, made: Callable[[Iterable[Row]], Iterable[Row]]
    ) -> bool:
        rows = list(made(self._tables.requests(tx)))
        return bool(tx.replace(self._tables.id(table), self._tables.schema(table), rows))

    def _merge(
        self, tx: Transaction, table: str, rows: Iterable[Row], delete: Iterable[Any] = ()
    ) -> Any:
        return tx.merge(self._tables.id(table), self._tables.schema(table), rows, delete)

    def _record(self, tx: Transaction, *, finished: bool) -> None:
        """Write where this reading is, in the transaction of what it stored."""
        cursor = None if self.cursor is None else json.dumps(self.cursor, ensure_ascii=False)
        row = {
            "read_at": self._plan.read_at,
            "whole": self._plan.whole,
            "finished": finished,
            **self._counts,
            "cursor": cursor,
            "reader": self._target.reader,
        }
        self._merge(tx, "readings", [row])
        self._recorded = True
