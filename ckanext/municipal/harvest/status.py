"""A run in the words of the page, the API and the terminal: state, counts, rate, time left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ckanext.municipal.harvest.model import runs, sources
from ckanext.municipal.harvest.model.tables import utc_now

_SHOWN = ("listed", "total", "worked", "added", "updated", "deleted", "set_aside", "absent")


def of_source(source_id: str) -> dict[str, Any] | None:
    """Return the newest job of a source as `describe` tells it, None before the first."""
    job_id = sources.latest_job(source_id)
    if job_id is None:
        return None
    run = runs.get(job_id)
    if run is None:
        return {"job_id": job_id, "state": "waiting"} if runs.is_unfinished(job_id) else None
    return describe(run, utc_now())


def describe(run: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return a run for people and programs; times are ISO 8601 in UTC, ``rate`` is records a
    second of the work after the listing, ``seconds_left`` is None while nobody can tell."""
    rate = _rate(run, now)
    left = run["total"] - run["worked"]
    unfinished = run["finished"] is None
    return {
        "job_id": run["job_id"],
        "state": _state(run),
        "started": run["started"].isoformat(),
        "finished": None if unfinished else run["finished"].isoformat(),
        **{name: run[name] for name in _SHOWN},
        "unchanged": run["unchanged"] + run["skipped"],
        "rate": round(rate, 2) if rate else None,
        "seconds_left": round(left / rate) if rate and unfinished and run["gathered"] else None,
        "step": run["step"] if unfinished else None,
        "messages": run["messages"],
    }


def _state(run: dict[str, Any]) -> str:
    if run["finished"]:
        return run["outcome"]
    if run["gathered"]:
        return "loading"
    return "listing" if run["attempts"] else "waiting"


def _rate(run: dict[str, Any], now: datetime) -> float | None:
    if not (run["gathered"] and run["worked"]):
        return None
    seconds = ((run["finished"] or now) - run["gathered"]).total_seconds()
    return run["worked"] / seconds if seconds > 0 else None
