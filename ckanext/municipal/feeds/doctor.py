"""What the doctor looks at in the feeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ckanext.municipal.feeds.model import queue, records
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal.doctor import check
from ckanext.municipal.quality.findings import Finding, Rule, Severity

CHECKS = ("feeds-worker", "feeds-triggers", "feeds-records")
"""The ids of the checks of this room."""

_LATE = timedelta(minutes=2)

NO_WORKER = Rule(
    "doctor-feeds-worker",
    Severity.WARNING,
    N_("No worker of the feeds is running: what changes does not come into them."),
    N_("Start one and let the system keep it running: ckan municipal feeds worker"),
)
LATE = Rule(
    "doctor-feeds-late",
    Severity.WARNING,
    N_("{count} datasets wait for their records, the first for {minutes} minutes."),
    N_("Start another worker beside: ckan municipal feeds worker"),
)
NO_TRIGGER = Rule(
    "doctor-feeds-trigger",
    Severity.ERROR,
    N_("Changes of the table {table} are not noted: its trigger municipal_feed is missing or off."),
    N_(
        "Enable it, or run: ckan db downgrade -p municipal_feeds, ckan db upgrade -p municipal_feeds,"
        " ckan municipal feeds rebuild"
    ),
)
LEAKED = Rule(
    "doctor-feeds-leaked",
    Severity.ERROR,
    N_("{count} datasets are in the feeds that are not public."),
    N_("Run: ckan municipal feeds rebuild"),
)
HELD = Rule(
    "doctor-feeds-held",
    Severity.ERROR,
    N_("{count} datasets would leave the feeds, too many at once: they are held back."),
    N_(
        "If they were meant to be deleted, run: ckan municipal feeds accept. If not, restore them;"
        " then they stay."
    ),
)
REFUSED = Rule(
    "doctor-feeds-refused",
    Severity.WARNING,
    N_("{count} datasets are not fit for the feeds."),
    N_("Their pages say why to those who may edit them; so does: ckan municipal feeds check"),
)


@check(CHECKS[0], N_("Worker of the feeds"))
def worker() -> Iterator[Finding]:
    """Look whether changes are taken up."""
    if not queue.is_worked():
        yield Finding(NO_WORKER)
    with queue.connection() as ours:
        waiting = queue.waiting(ours)
    late = datetime.now(UTC) - waiting.since if waiting.since else timedelta(0)
    if late > _LATE:
        values = {"count": waiting.datasets, "minutes": int(late.total_seconds() // 60)}
        yield Finding(LATE, values=values)


@check(CHECKS[1], N_("Triggers of the feeds"))
def triggers() -> Iterator[Finding]:
    """Look whether every change of CKAN's tables is noted."""
    with queue.connection() as ours:
        for table in records.missing_triggers(ours):
            yield Finding(NO_TRIGGER, values={"table": table})


@check(CHECKS[2], N_("Records of the feeds"))
def state() -> Iterator[Finding]:
    """Look for what is held back, refused, or in the feeds although it is not public."""
    with queue.connection() as ours:
        counts, leaked = records.counts(ours), records.leaked(ours)
    if leaked:
        yield Finding(LEAKED, values={"count": leaked})
    if counts["held"]:
        yield Finding(HELD, values={"count": counts["held"]})
    if counts["quarantined"]:
        yield Finding(REFUSED, values={"count": counts["quarantined"]})
