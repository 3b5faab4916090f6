"""From a record of the feeds to what is kept of its dataset, and again when one of its links changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyoxigraph

from ckanext.municipal.portal import config as portal
from ckanext.municipal.portal import translated, vocabularies
from ckanext.municipal.portal.interfaces import Record
from ckanext.municipal.portal.partial_dates import parse as partial_date
from ckanext.municipal.quality.freshness import latest
from ckanext.municipal.quality.links.judging import Known
from ckanext.municipal.quality.model import links, scores
from ckanext.municipal.quality.model.connection import lock_dataset
from ckanext.municipal.quality.score import lists, readings
from ckanext.municipal.quality.score.facts import Facts, facts
from ckanext.municipal.quality.score.fixes import fixes
from ckanext.municipal.quality.score.judging import Judged, Link, judge
from ckanext.municipal.quality.score.points import score
from ckanext.municipal.quality.score.stars import Open, stars

VERSION = "1"
"""Counted up when facts or their rules change: then every record is looked at anew."""


_STAMPS = ("dataset_id", "changed")


@dataclass(frozen=True, slots=True)
class Kept:
    """A dataset as it is kept: facts, what is known of its links, and how its metrics stand."""

    facts: Facts
    links: Mapping[str, Known]

    @property
    def states(self) -> dict[str, Link]:
        """Return the state of each link that was checked, by address."""
        return {url: known.state for url, known in self.links.items() if known.state}

    @property
    def judged(self) -> Judged:
        """Return how every metric stands."""
        return judge(self.facts, self.states)


def keep(ours: Any, dataset_id: str, record: Record | None) -> None:
    """Write what a record is worth, within the caller's transaction; None forgets the dataset."""
    lock_dataset(ours, dataset_id)
    if record is None:
        links.put_uses(ours, dataset_id, ())
        scores.remove(ours, dataset_id)
        return
    statements: Any = pyoxigraph.parse(record.ntriples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    conforms = record.conforms and record.served
    told = facts(statements, record.uri, lists.load(), conforms=conforms)
    links.put_uses(ours, dataset_id, told.links)
    values = {
        "uri": record.uri,
        "title": title(record.dataset),
        "served": record.served,
        "facts": told.as_json(),
        "findings": [dict(finding) for finding in record.findings],
        "frequency": record.dataset.get("frequency") or None,
        "data_changed": data_changed(record.dataset),
    }
    kept = Kept(told, links.known_of(ours, dataset_id))
    scores.put(ours, dataset_id, {**values, **worth(kept)})


def keep_again(ours: Any, dataset_id: str) -> None:
    """Score a dataset anew after a link of it changed, within the caller's transaction."""
    lock_dataset(ours, dataset_id)
    row = scores.row(ours, dataset_id)
    if row:
        known = {name: value for name, value in row.items() if name not in _STAMPS}
        scores.put(ours, dataset_id, {**known, **worth(of_row(ours, row))})


def of_row(ours: Any, row: Mapping[str, Any]) -> Kept:
    """Return a kept row with what is known of its links now."""
    return Kept(Facts.from_json(row["facts"]), links.known_of(ours, row["dataset_id"]))


def worth(kept: Kept) -> dict[str, Any]:
    """Return the columns that follow from facts and links."""
    judged, states = kept.judged, kept.states
    told = score(judged)
    return {
        "points": told.points,
        "unknown": told.unknown,
        "attainable": told.attainable,
        **{dimension.value: points for dimension, points in told.dimensions.items()},
        "met": readings.met_by(judged),
        "distributions": len(kept.facts.distributions),
        "broken": sum(state is Link.BROKEN for state in states.values()),
        "fixes": [{"id": each.kind.id, "gain": each.gain} for each in fixes(judged)],
        "stars": stars(kept.facts, states, what_is_open()),
        "link_changed": latest(known.changed for known in kept.links.values()),
    }


def what_is_open() -> Open:
    """Return which licences and formats are open, by the portal's own vocabularies."""
    folder = portal.vocabularies_folder()
    types = list(vocabularies.load("file-type", folder))
    return Open(
        frozenset(c.uri for c in vocabularies.load("licence", folder) if c.facts["open"] == "yes"),
        frozenset(c.code for c in types if c.facts.get("machine_readable") == "yes"),
        frozenset(c.code for c in types if c.facts.get("open") == "yes"),
    )


def title(dataset: Mapping[str, Any]) -> dict[str, str]:
    """Return the title of a dataset by language, "" for what no language claims."""
    texts = translated.read(dataset.get("title_translated")) or {}
    return {**texts, "": dataset.get("title") or dataset.get("name") or ""}


def data_changed(dataset: Mapping[str, Any]) -> datetime | None:
    """Return when the data changed last as CKAN knows it: a file, or the date that was written.

    Not when the dataset was saved, which may have been for a spelling mistake.
    """
    resources = dataset.get("resources") or ()
    told = [each.get("last_modified") or each.get("created") for each in resources]
    return latest([*map(_moment, told), _written(dataset.get("modified"))])


def _moment(text: str | None) -> datetime | None:
    """CKAN's moments are in UTC and say no zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _written(text: str | None) -> datetime | None:
    try:
        day = partial_date(text).last if text else None
    except ValueError:
        return None
    # A year may mean its last day, and nothing changed later than now.
    now = datetime.now(UTC)
    return min(datetime(day.year, day.month, day.day, tzinfo=UTC), now) if day else None
