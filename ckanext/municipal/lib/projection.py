"""Projected coordinates (metres or feet on a plane) -> degrees of WGS 84, by PROJ.

PROJ would fetch finer grids over the network where it is told to by its environment; here it
never does: a metre is more than a published place tells, and nothing is asked of the web.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from pyproj import CRS, Transformer, network
from pyproj.exceptions import ProjError

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_

_CODE = re.compile(r"(EPSG|ESRI):([0-9]{4,6})")
_LAST_OF_EPSG = 32_767


class UnknownSystem(ReadableError):
    """A code that names no system of projected coordinates."""


class Projection:
    """A system of projected coordinates by its code: ``EPSG:2100`` is ΕΓΣΑ87, ``ESRI:102696`` the
    state plane of eastern Missouri in feet. The code says the unit. Raises `UnknownSystem`.
    """

    def __init__(self, code: str) -> None:
        network.set_network_enabled(active=False)  # pyright: ignore[reportPrivateImportUsage]
        try:
            self._transformer = Transformer.from_crs(_system(code), "EPSG:4326", always_xy=True)
        except ProjError as error:
            raise _unknown(code) from error

    def degrees(
        self, points: Sequence[tuple[float, float]]
    ) -> list[tuple[float, float] | tuple[None, None]]:
        """Return latitude and longitude of points given as x (to the east) and y (to the north).

        A point that lies nowhere on Earth has neither. Many points at once take little more time
        than one.
        """
        xs = [x for x, _ in points]
        ys = [y for _, y in points]
        longs, lats = self._transformer.transform(xs, ys)
        return [
            (lat, long) if math.isfinite(lat) and math.isfinite(long) else (None, None)
            for lat, long in zip(lats, longs, strict=True)
        ]


def _system(code: str) -> CRS:
    match = _CODE.fullmatch(code.strip().upper())
    if not match:
        raise _unknown(code)
    # What Esri alone defines is often written as if it were EPSG's: EPSG:102696.
    of_esri = match[1] == "ESRI" or int(match[2]) > _LAST_OF_EPSG
    system = CRS.from_authority("ESRI" if of_esri else "EPSG", match[2])
    if not system.is_projected:
        raise UnknownSystem(
            N_("{code} is in degrees, or no map projection. Map its columns as lat and long."),
            code=code,
        )
    return system


def _unknown(code: str) -> UnknownSystem:
    return UnknownSystem(
        N_("“{code}” is no coordinate system that is known. Write its code, such as EPSG:2100."),
        code=code[:40],
    )
