"""Timing two ways of the same work, fairly: by turns in one run, and the medians compared."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

REPEATS = 5


def compare(
    ours: Callable[[], object], peer: Callable[[], object], *, repeats: int = REPEATS
) -> dict[str, Any]:
    """Return ``{"ratio", "ours_s", "peer_s"}``: median seconds of each, and peer over ours.

    So the ratio says how many times faster ours is; below 1 it is slower, as it must be beside a
    floor that does less.
    """
    return by_turns(lambda: seconds(ours), lambda: seconds(peer), repeats=repeats)


def by_turns(
    ours: Callable[[], float], peer: Callable[[], float], *, repeats: int = REPEATS
) -> dict[str, Any]:
    """Return what ``compare`` does of two ways that measure their seconds themselves.

    The two take turns, each going first half of the time, so that a busy moment of the machine
    meets both; one round before the first is not counted.
    """
    times: dict[str, list[float]] = {"ours": [], "peer": []}
    ways = [("ours", ours), ("peer", peer)]
    for _name, way in ways:
        way()
    for turn in range(repeats):
        for name, way in ways if turn % 2 else reversed(ways):
            times[name].append(way())
    ours_s, peer_s = (statistics.median(times[name]) for name in ("ours", "peer"))
    return {
        "ratio": round(peer_s / ours_s, 3),
        "ours_s": round(ours_s, 4),
        "peer_s": round(peer_s, 4),
        "repeats": repeats,
    }


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes, rubbish collected before and not during it."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        gc.enable()


def median(work: Callable[[], object], *, repeats: int = REPEATS) -> float:
    """Return the median seconds of a work that has no peer, after one call that is not counted."""
    work()
    return round(statistics.median(seconds(work) for _ in range(repeats)), 4)


def machine() -> dict[str, Any]:
    """Return what a reader has to know of the machine: cores, and how busy it was just now."""
    return {"cores": os.cpu_count(), "load_1min": round(os.getloadavg()[0], 2)}
