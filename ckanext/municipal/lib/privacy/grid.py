"""The fixed grid that places are rounded to: the same place is in the same cell, always.

The globe is cut into bands of equal height, each band into cells of equal length, as many as come
nearest to the asked side at the middle of the band. Bands and cells fit without rest, so no cell is
a sliver, and nothing depends on the city, the data or chance: publishing a place twice tells no more
than publishing it once. Lengths are those of a sphere of the Earth's mean radius, which is within
0.7 % of the ellipsoid of WGS 84 anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_

_METRES_PER_DEGREE = math.radians(1) * 6_371_008.8
_SIDES = (10, 100_000)
_FIVE_DECIMALS = Decimal("0.00001")


class NotAPlace(ReadableError):
    """Coordinates that are no point of the Earth; they are not repeated, being personal."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid: ``id`` is ``gSIDE:ROW:COLUMN`` (metres, rows from the south pole, columns
    from 180° west), ``lat`` and ``long`` its centre in degrees of WGS 84 with five decimals."""

    id: str
    lat: Decimal
    long: Decimal


class Grid:
    """The grid with cells of ``metres`` by ``metres``, 10 to 100,000; raises ValueError else."""

    def __init__(self, metres: int) -> None:
        smallest, largest = _SIDES
        if not smallest <= metres <= largest or metres != int(metres):
            raise ValueError(f"the side of a cell is {smallest} to {largest} whole metres")
        self.metres = int(metres)
        self._rows = round(180 * _METRES_PER_DEGREE / self.metres)

    def cell(self, lat: float, long: float) -> Cell:
        """Return the cell of a point in degrees of WGS 84; raises `NotAPlace`.

        180° west and 180° east are the same meridian. At the poles the cells are triangles, as
        many as fit round them.
        """
        # A comparison with NaN is false, so it is refused too.
        if not (-90 <= lat <= 90 and -180 <= long <= 180):
            raise NotAPlace(
                N_(
                    "A place has a latitude from -90 to 90 and a longitude from -180 to 180 degrees."
                )
            )
        row = _step((float(lat) + 90) / 180, self._rows)
        south_to_middle = _middle(row, self._rows, 180)
        columns = self._columns(south_to_middle - 90)
        column = _step((float(long) + 180) % 360 / 360, columns)
        return Cell(
            f"g{self.metres}:{row}:{column}",
            _degrees(south_to_middle - 90),
            _degrees(_middle(column, columns, 360) - 180),
        )

    def _columns(self, lat: float) -> int:
        round_the_earth = 360 * _METRES_PER_DEGREE * math.cos(math.radians(lat))
        return max(1, round(round_the_earth / self.metres))


def _step(share: float, steps: int) -> int:
    """Return which of so many equal steps a share of the whole (0 to 1) is in; 1 is in the last."""
    return min(int(share * steps), steps - 1)


def _middle(step: int, steps: int, whole: int) -> float:
    return (step + 0.5) * whole / steps


def _degrees(value: float) -> Decimal:
    return Decimal(value).quantize(_FIVE_DECIMALS)
