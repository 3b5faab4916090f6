"""From what a dataset is to what the feeds say of it, in one transaction.

The guard: where more than a share of the feeds would leave them within a day, they go on serving the
last good state until the operator lets it go. What is made private or put off leaves at once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ckanext.municipal.feeds import config, making, rules
from ckanext.municipal.feeds.looking import Broken, Gone, Hidden, Seen
from ckanext.municipal.feeds.making import Made
from ckanext.municipal.feeds.model import records
from ckanext.municipal.feeds.model.records import GONE, PUBLIC, QUARANTINED, Known
from ckanext.municipal.quality.findings import Finding

log = logging.getLogger(__name__)

ALWAYS = 5
"""So many may leave in a day whatever their share is."""
_DAY = timedelta(days=1)


def settle(ours: Any, dataset_id: str, seen: Seen, maker: str) -> bool:
    """Write what differs of one dataset, within the caller's transaction; ``maker`` made what was seen.

    False where somebody changed the dataset since it was seen: it has to be looked at again.
    """
    if isinstance(seen, Made | Broken) and not records.is_still_public(ours, dataset_id):
        return False
    records.lock(ours)
    before = records.known(ours, dataset_id, locked=True)
    if isinstance(seen, Gone):
        _leave(ours, dataset_id, before, {"state": GONE, "findings": []}, guarded=True)
    elif isinstance(seen, Hidden):
        _leave(ours, dataset_id, before, {"state": GONE, "findings": []}, guarded=False)
    elif isinstance(seen, Broken):
        findings = making.told([seen.finding])
        _refuse(ours, dataset_id, before, {"maker": maker, "findings": findings, "uri": ""})
    else:
        _take_in(ours, dataset_id, before, maker, seen)
    return True


def _take_in(ours: Any, dataset_id: str, before: Known | None, maker: str, made: Made) -> None:
    """Publish a record where it is fit and says something new."""
    findings = list(made.findings)
    if other := records.other_with_uri(ours, dataset_id, made.uri):
        findings.insert(0, Finding(rules.URI_TAKEN, values={"other": other}))
    unseen = {"maker": maker, "findings": making.told(findings)}
    if other or not made.conforms:
        _refuse(ours, dataset_id, before, {**unseen, "uri": made.uri, **made.filters})
    elif before and before.state == PUBLIC and before.digest == made.digest and not before.hidden:
        _change(ours, dataset_id, before, {**unseen, "held": None, "removed": None})
    else:
        values = {"uri": made.uri, "digest": made.digest, **made.filters, **made.payloads, **unseen}
        records.publish(ours, dataset_id, before, values)


def _refuse(ours: Any, dataset_id: str, before: Known | None, values: Mapping[str, Any]) -> None:
    """Keep why a dataset is not fit; it leaves the feeds if it was in them."""
    if before is None:
        records.refuse(ours, dataset_id, values)
        return
    # A tombstone keeps the URI and the sets that clients knew the record by.
    told = {name: values[name] for name in ("maker", "findings")} | {"state": QUARANTINED}
    if before.state == PUBLIC:
        _leave(ours, dataset_id, before, told, guarded=True)
    else:
        uri = before.uri if before.created else values["uri"]
        _change(ours, dataset_id, before, {**told, "uri": uri})


def _leave(
    ours: Any, dataset_id: str, before: Known | None, values: Mapping[str, Any], *, guarded: bool
) -> None:
    """Take a record out of the feeds, if it is in them and the guard lets it."""
    if before is None:
        return
    if before.created is None:
        records.forget(ours, dataset_id)
    elif before.state != PUBLIC:
        _change(ours, dataset_id, before, values)
    elif guarded and not before.hidden and not before.removed and _too_many(ours, dataset_id):
        held = before.held or datetime.now(UTC)
        if not before.held:
            log.error("Too many datasets would leave the feeds: %s is held back", dataset_id)
        unseen = {name: value for name, value in values.items() if name != "state"}
        _change(ours, dataset_id, before, {**unseen, "held": held})
    else:
        counted = guarded and not before.hidden and not before.removed
        records.take_out(ours, dataset_id, before, values, counted=counted)


def _too_many(ours: Any, dataset_id: str) -> bool:
    leaving, all_ = records.leaving(ours, dataset_id, datetime.now(UTC) - _DAY)
    return leaving > max(ALWAYS, config.deletion_share() * all_)


def _change(ours: Any, dataset_id: str, before: Known, values: Mapping[str, Any]) -> None:
    """Write columns that clients do not see, where they differ."""
    if any(getattr(before, name) != value for name, value in values.items()):
        records.change(ours, dataset_id, values)
