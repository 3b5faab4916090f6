"""What is served beside what would be made now: nothing is written."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk
import flask

from ckanext.municipal.feeds.looking import Broken, Gone, Hidden, Seen, look
from ckanext.municipal.feeds.model import queue, records
from ckanext.municipal.feeds.model.records import PUBLIC, Known
from ckanext.municipal.lib.texts import N_, text
from ckanext.municipal.portal import language

_STALE = N_(
    "The feeds serve another state of it. It is made again by: ckan municipal feeds rebuild"
)
_HELD = N_("It is held back in the feeds: it was deleted, or is not fit any more.")


def check_all(app: flask.Flask) -> Iterator[tuple[str, list[str]]]:
    """Yield the address of each dataset that is not in the feeds as it is, and sentences that say why."""
    with queue.connection() as ours:
        for dataset_id in queue.every(ours):
            with app.test_request_context():
                seen = look(dataset_id)
                address = tk.h.url_for("dataset.read", id=dataset_id, qualified=True)
            with ours.begin():
                known = records.known(ours, dataset_id)
            sentences = list(_wrong(seen, known))
            if sentences:
                yield address, sentences


def _wrong(seen: Seen, known: Known | None) -> Iterator[str]:
    said = language.default()
    served = known is not None and known.state == PUBLIC and not known.hidden
    if known and known.held:
        yield text(_HELD, said)
    if isinstance(seen, Gone | Hidden):
        if served and known and not known.held:
            yield text(_STALE, said)
        return
    findings = [seen.finding] if isinstance(seen, Broken) else seen.findings
    if isinstance(seen, Broken) or not seen.conforms:
        for finding in findings:
            yield f"{finding.message(said)} {finding.remedy(said)}"
    elif known is None or not served:
        refused = known.findings if known else []
        yield from (
            (each["message"].get(said, "") for each in refused) if refused else [text(_STALE, said)]
        )
    elif known.digest != seen.digest and not known.held:
        yield text(_STALE, said)
