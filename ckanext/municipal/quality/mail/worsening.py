"""What got worse in the datasets of a department since its owner was last told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.municipal.quality.freshness import Fresh
from ckanext.municipal.quality.listing import Line


@dataclass(frozen=True, slots=True)
class Standing:
    """How a dataset stood: points of 405, broken links, whether its data was late, whether it was in the feeds."""

    points: int
    broken: int
    late: bool
    served: bool

    @classmethod
    def of(cls, line: Line) -> Standing:
        """Return how a dataset stands now."""
        late = line.freshness.state is Fresh.LATE
        return cls(line.points, line.broken, late, line.served)


@dataclass(frozen=True, slots=True)
class Worse:
    """A dataset of which something got worse: how it stood, and how it stands."""

    line: Line
    before: Standing
    now: Standing

    @property
    def lost(self) -> int:
        """Return how many points it lost; a gain is no loss."""
        return max(self.before.points - self.now.points, 0)


def worsened(before: Mapping[str, Standing], lines: Iterable[Line]) -> list[Worse]:
    """Return the datasets that lost points, links or their place in the feeds, or fell late; most points lost first.

    One that is new, or left, did not get worse.
    """
    found = []
    for line in lines:
        then, now = before.get(line.id), Standing.of(line)
        if then and _is_worse(then, now):
            found.append(Worse(line, then, now))
    return sorted(found, key=lambda each: (-each.lost, each.line.name))


def as_json(lines: Iterable[Line]) -> dict[str, Any]:
    """Return how datasets stand as JSON keeps it, by their ids."""
    stands = ((line.id, Standing.of(line)) for line in lines)
    return {id_: [s.points, s.broken, s.late, s.served] for id_, s in stands}


def from_json(kept: Mapping[str, Any]) -> dict[str, Standing]:
    """Return what `as_json` gave."""
    return {id_: Standing(*values) for id_, values in kept.items()}


def _is_worse(then: Standing, now: Standing) -> bool:
    return (
        now.points < then.points
        or now.broken > then.broken
        or (now.late and not then.late)
        or (then.served and not now.served)
    )
