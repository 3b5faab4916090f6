"""A dry run: what a walk through a source would change in the tables, told without writing to them."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues import model
from ckanext.municipal.issues.intake import Intake, Limits, Rows, Taken
from ckanext.municipal.issues.reading import Plan
from ckanext.municipal.issues.request import Reader
from ckanext.municipal.issues.tables import Row
from ckanext.municipal.issues.walk import Target


class Look:
    """Goes through a source once and compares it with what is stored."""

    def __init__(self, target: Target, plan: Plan, rows: Rows, report: Report) -> None:
        self._target, self._plan, self._rows = target, plan, rows
        self._tables = target.tables
        self._intake = Intake(target.tables, plan, rows, report)

    def changes(self, reader: Reader, limits: Limits) -> bool:
        """Read the source to its end; returns whether a `Walk` would write any row.

        What is wrong with the source, and what it would ask, goes to the report.
        """
        changed = self._plan.dirty
        for taken in self._intake.batches(reader):
            changed = changed or self._differs(taken)
        gone = self._intake.gone(limits)
        return changed or bool(gone) or (self._plan.restated and self._says_other_things())

    def _differs(self, taken: Taken) -> bool:
        ids = [*taken.rows, *taken.withdrawn]
        stored = {row["id"]: row for row in self._tables.of("requests", ids)}
        if stored.keys() != taken.rows.keys():
            return True
        # A published place is that of the others too: compared is what each request has by itself.
        own = model.cells_of(self._tables.package_id, ids)
        for id_, row in taken.rows.items():
            there = {**stored[id_], **own.get(id_, {})}
            if any(row[name] != there[name] for name in row):
                return True
        return _by_key(taken.events) != _by_key(self._tables.of("events", ids))

    def _says_other_things(self) -> bool:
        """Whether the same rows are told otherwise now, or what is made from all of them."""
        tables = self._tables
        if any(model.moved(tables.package_id, self._target.k, tables.requests())):
            return True
        stored = list(tables.rows("categories"))
        categories = self._rows.categories(tables.requests(), stored)
        statistics = self._rows.statistics(tables.requests())
        return self._differ("categories", categories) or self._differ("statistics", statistics)

    def _differ(self, table: str, made: Iterable[Row]) -> bool:
        blank: Row = dict.fromkeys(self._tables.schema(table).names)
        wanted = {frozenset({**blank, **row}.items()) for row in made}
        return wanted != {frozenset(row.items()) for row in self._tables.rows(table)}


def _by_key(events: Iterable[Row]) -> dict[tuple[str, int], Row]:
    return {(event["id"], event["sequence"]): event for event in events}
