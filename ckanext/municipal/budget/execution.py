"""Execution over time: daily statements kept as the rows that changed, and made whole again.

A year of daily statements has some 250 × 1,400 lines, of which a few dozen change a day. So the
table ``budget_execution`` has a row for a line and moment only where the line differs from the
statement before: its amounts, or ``present`` false where it is gone. The state at a moment is each
line's newest row that is not later, without the lines that are not present.

`put_snapshot` says which rows to write and to remove when a statement is added, anywhere in time,
or replaces one of the same moment; every other statement still reconstructs exactly. Sides have
their own statements: every function here takes the rows and moments of one side of one year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ckanext.municipal.budget.lines import BudgetLine, Key
from ckanext.municipal.budget.phases import PHASE_IDS

Amounts = tuple[Decimal | None, ...]
State = dict[Key, Amounts]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What a line became at a moment: its amounts in the order of `PHASE_IDS`, or not present."""

    key: Key
    as_of: datetime
    present: bool
    amounts: Amounts

    def row(self) -> dict[str, object]:
        """Return it as the columns of the table ``budget_execution`` that it fills."""
        side, service, code = self.key
        return {
            "side": side,
            "service_code": service,
            "code_raw": code,
            "as_of": self.as_of,
            "present": self.present,
            **dict(zip(PHASE_IDS, self.amounts, strict=True)),
        }

    @classmethod
    def from_row(cls, row: Mapping[str, object]) -> ChangeRow:
        """Make one of a stored row; ``as_of`` is taken as it is stored."""
        key = (str(row["side"]), str(row["service_code"] or ""), str(row["code_raw"]))
        amounts = tuple(_decimal(row.get(phase)) for phase in PHASE_IDS)
        as_of = row["as_of"]
        if not isinstance(as_of, datetime):
            raise TypeError(f"as_of is {as_of!r}, not a datetime")
        return cls(key, as_of, bool(row["present"]), amounts)


@dataclass(frozen=True, slots=True)
class RowChanges:
    """Rows to write (a row of the same line and moment is replaced) and to remove."""

    write: tuple[ChangeRow, ...]
    remove: tuple[tuple[Key, datetime], ...]

    def __bool__(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.write or self.remove)


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


_GONE: Amounts = (None,) * len(PHASE_IDS)


def state_of(lines: Iterable[BudgetLine]) -> State:
    """Return the state that the lines of one statement are."""
    return {line.key: line.amounts for line in lines}


def state_at(rows: Iterable[ChangeRow], as_of: datetime) -> State:
    """Return the state at a moment: the newest row of each line that is not later than it."""
    return _state(rows, lambda moment: moment <= as_of)


def _state(rows: Iterable[ChangeRow], counts: Callable[[datetime], bool]) -> State:
    newest: dict[Key, ChangeRow] = {}
    for row in rows:
        if counts(row.as_of) and (row.key not in newest or newest[row.key].as_of < row.as_of):
            newest[row.key] = row
    return {key: row.amounts for key, row in newest.items() if row.present}


def put_snapshot(
    rows: Iterable[ChangeRow], moments: Iterable[datetime], as_of: datetime, state: State
) -> RowChanges:
    """Return what to do so that ``state`` is that of ``as_of``, and every other moment keeps its.

    ``rows`` are those that exist, ``moments`` the moments of every statement known so far, with or
    without ``as_of``. The same statement again gives no changes.
    """
    known = list(rows)
    later = min((moment for moment in moments if moment > as_of), default=None)
    before = _state(known, lambda moment: moment < as_of)
    wanted = list(_differences(before, state, as_of))
    if later is not None:
        # The next statement was told against another state before it; tell it against this one.
        wanted += _differences(state, state_at(known, later), later)
    return _changes(known, wanted, {as_of, later})


def remove_snapshot(
    rows: Iterable[ChangeRow], moments: Iterable[datetime], as_of: datetime
) -> RowChanges:
    """Return what to do so that the statement of a moment is gone, and every other keeps its."""
    known = list(rows)
    later = min((moment for moment in moments if moment > as_of), default=None)
    wanted: list[ChangeRow] = []
    if later is not None:
        before = _state(known, lambda moment: moment < as_of)
        wanted = list(_differences(before, state_at(known, later), later))
    return _changes(known, wanted, {as_of, later})


def rebuild(snapshots: Mapping[datetime, State]) -> list[ChangeRow]:
    """Return the rows of many statements at once, in the order of time."""
    rows: list[ChangeRow] = []
    before: State = {}
    for as_of in sorted(snapshots):
        rows.extend(_differences(before, snapshots[as_of], as_of))
        before = snapshots[as_of]
    return rows


def series(
    rows: Iterable[ChangeRow], moments: Iterable[datetime], key: Key
) -> list[tuple[datetime, Amounts | None]]:
    """Return a line's amounts at each moment, None where the statement does not have the line."""
    own = [row for row in rows if row.key == key]
    return [(moment, state_at(own, moment).get(key)) for moment in sorted(moments)]


def _differences(before: State, after: State, as_of: datetime) -> Iterator[ChangeRow]:
    for key, amounts in after.items():
        if before.get(key) != amounts:
            yield ChangeRow(key, as_of, True, amounts)
    for key in before:
        if key not in after:
            yield ChangeRow(key, as_of, False, _GONE)


def _changes(
    known: Iterable[ChangeRow], wanted: Iterable[ChangeRow], moments: set[datetime | None]
) -> RowChanges:
    """What turns the known rows of some moments into the wanted ones."""
    there = {(row.key, row.as_of): row for row in known if row.as_of in moments}
    target = {(row.key, row.as_of): row for row in wanted}
    write = tuple(row for place, row in target.items() if there.get(place) != row)
    return RowChanges(write, tuple(place for place in there if place not in target))
