"""Room on the disk, seen to before anything is begun."""

from __future__ import annotations

import shutil
from pathlib import Path

from dev.errors import Stop

MEGABYTE = 1_000_000


def require(folder: Path, megabytes: int, remedy: str) -> None:
    """Return when the disk of `folder` (which may not exist yet) has that much room.

    Raises `Stop`, which ends with `remedy`, when it has less.
    """
    there = next(place for place in [folder, *folder.parents] if place.exists())
    free = shutil.disk_usage(there).free // MEGABYTE
    if free < megabytes:
        raise Stop(
            f"{there} has {free} MB free and {megabytes} MB are needed: free some, or {remedy}."
        )
