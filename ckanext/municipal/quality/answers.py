"""What actions, pages and the command tell of a dataset: kept facts and links as plain values.

Texts are in every language of the portal at once, so that the answer is the same for every reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from ckanext.municipal.lib.texts import texts
from ckanext.municipal.portal import config as portal
from ckanext.municipal.portal import vocabularies
from ckanext.municipal.quality.findings import Finding
from ckanext.municipal.quality.freshness import Freshness, freshness, latest
from ckanext.municipal.quality.keeping import Kept
from ckanext.municipal.quality.links import rules
from ckanext.municipal.quality.links.judging import Known
from ckanext.municipal.quality.score.fixes import Fix, fixes, way
from ckanext.municipal.quality.score.metrics import (
    BANDS,
    DIMENSIONS,
    METRICS,
    MOST,
    TOTAL,
    Band,
    Dimension,
    Of,
)
from ckanext.municipal.quality.score.points import counted, score
from ckanext.municipal.quality.score.stars import MEANINGS

_RESOURCE = re.compile(r"/resource/([0-9a-f-]{36})(?:[/#?]|$)")


def told(row: Mapping[str, Any], kept: Kept) -> dict[str, Any]:
    """Return everything that is known of a dataset's quality."""
    judged = kept.judged
    points = score(judged)
    found = fixes(judged)
    cheapest = way(judged, found)
    return {
        "uri": row["uri"],
        "points": points.points,
        "of": TOTAL,
        "band": points.band.value,
        "unknown": points.unknown,
        "attainable": points.attainable,
        "dimensions": dimensions(points.dimensions),
        "metrics": [_metric(name, state) for name, state in _ordered(counted(judged, points.best))],
        "best_resource": _resource(kept, points.best),
        "fixes": [_fix(each, kept) for each in found],
        "way": cheapest
        and {
            "band": cheapest.band.value,
            "points": cheapest.points,
            "fixes": [each.kind.id for each in cheapest.fixes],
        },
        "stars": stars(row["stars"]),
        "freshness": fresh(fresh_of(row)),
        "in_feeds": row["served"],
        "findings": [*row["findings"], *map(finding, rules.findings(kept.facts, kept.links))],
        "links": [_link(url, kept.links.get(url)) for url in kept.facts.links],
        "changed": row["changed"].isoformat(),
    }


def dimensions(points: Mapping[Dimension, Any]) -> dict[str, dict[str, Any]]:
    """Return the points of each dimension beside the most there are."""
    return {
        name.value: {"points": points[name], "of": MOST[name], "title": texts(DIMENSIONS[name])}
        for name in Dimension
    }


def band(name: Band) -> dict[str, Any]:
    """Return a band with its name in every language."""
    return {"id": name.value, "title": texts(BANDS[name])}


def stars(count: int | None) -> dict[str, Any] | None:
    """Return stars with what they mean, None where they do not apply."""
    return None if count is None else {"stars": count, "meaning": texts(MEANINGS[count])}


def fresh_of(row: Mapping[str, Any], today: date | None = None) -> Freshness:
    """Return how fresh the data of a kept row is today."""
    frequency = row["frequency"]
    interval = None
    if frequency:
        known = vocabularies.load("frequency", portal.vocabularies_folder()).find(frequency)
        interval = known.facts.get("interval", "") if known else ""
    changed = latest([row["data_changed"], row["link_changed"]])
    return freshness(interval, changed, today or datetime.now(UTC).date())


def fresh(known: Freshness) -> dict[str, Any]:
    """Return freshness as plain values."""
    return {
        "state": known.state.value,
        "changed": known.changed.isoformat() if known.changed else None,
        "due": known.due.isoformat() if known.due else None,
        "days_late": known.days_late,
    }


def finding(found: Finding) -> dict[str, Any]:
    """Return a finding as the feeds keep theirs."""
    return {
        "rule": found.rule.id,
        "severity": found.rule.severity.value,
        "field": found.place.field,
        "message": texts(found.rule.message, **found.values),
        "remedy": texts(found.rule.remedy, **found.values),
    }


def _ordered(states: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((name, states[name]) for name in METRICS)


def _metric(name: str, state: Any) -> dict[str, Any]:
    metric = METRICS[name]
    return {
        "id": name,
        "title": texts(metric.title),
        "dimension": metric.dimension.value,
        "points": metric.points,
        "state": state.value,
        "of_resource": metric.of is not Of.DATASET,
    }


def _fix(each: Fix, kept: Kept) -> dict[str, Any]:
    return {
        "id": each.kind.id,
        "gain": each.gain,
        "message": texts(each.kind.message),
        "remedy": texts(each.kind.remedy),
        "field": each.kind.field,
        "metrics": list(each.metrics),
        "resources": [told for place in each.distributions if (told := _resource(kept, place))],
    }


def _resource(kept: Kept, place: int | None) -> dict[str, Any] | None:
    """Return a distribution as the portal knows it: id of its resource ("" of another's) and name."""
    if place is None:
        return None
    part = kept.facts.distributions[place]
    known = _RESOURCE.search(part.uri)
    return {"id": known[1] if known else "", "uri": part.uri, "name": dict(part.names)}


def _link(url: str, known: Known | None) -> dict[str, Any]:
    if known is None or known.state is None:
        return {"url": url, "state": "unknown", "strikes": known.strikes if known else 0}
    return {
        "url": url,
        "state": known.state.value,
        "strikes": known.strikes,
        "status": known.status,
        "type": known.type,
        "size": known.size,
        "checked": known.checked.isoformat() if known.checked else None,
        "changed": known.changed.isoformat() if known.changed else None,
        "reason": known.reason,
    }
