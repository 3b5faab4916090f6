"""Other plugins are told what was settled, in the transaction that settles it."""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins as p

from ckanext.municipal.feeds import making
from ckanext.municipal.feeds.looking import Seen
from ckanext.municipal.feeds.making import Made
from ckanext.municipal.feeds.model import records
from ckanext.municipal.portal.interfaces import IRecords, Record

log = logging.getLogger(__name__)


def tell(ours: Any, dataset_id: str, seen: Seen) -> None:
    """Tell every plugin of IRecords about a dataset; what one of them writes in vain is undone alone."""
    plugins = list(p.PluginImplementations(IRecords))
    record = _record(ours, dataset_id, seen) if plugins else None
    for plugin in plugins:
        try:
            with ours.begin_nested():
                plugin.record_settled(ours, dataset_id, record)
        except Exception as error:  # noqa: BLE001 - the feeds come first, whatever others raise
            log.error("%s of %s: %s", plugin.name, dataset_id, type(error).__name__)


def _record(ours: Any, dataset_id: str, seen: Seen) -> Record | None:
    """Return what is told of a dataset; nothing of one of which no record could be made."""
    if not isinstance(seen, Made):
        return None
    known = records.known(ours, dataset_id)
    return Record(
        uri=seen.uri,
        ntriples=seen.payloads["ntriples"],
        findings=known.findings if known else making.told(seen.findings),
        conforms=seen.conforms,
        served=known is not None and known.state == records.PUBLIC and not known.hidden,
        dataset=seen.dataset,
    )
