"""Actions of metadata quality. All that only tell are GET; docs/actions.md has them.

The score is that of data.europa.eu (MQA, 405 points). Texts are told in every language at once.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.municipal.lib.texts import texts
from ckanext.municipal.quality import answers, jobs, listing, reading
from ckanext.municipal.quality.links.rules import RULES
from ckanext.municipal.quality.listing import Line, Mending, Wanted
from ckanext.municipal.quality.logic import schema
from ckanext.municipal.quality.mail import tokens
from ckanext.municipal.quality.model import files, owners
from ckanext.municipal.quality.model.connection import connection
from ckanext.municipal.quality.resources import reading as resources
from ckanext.municipal.quality.score.fixes import KINDS
from ckanext.municipal.quality.score.metrics import BANDS, FROM, METRICS, TOTAL, Of, band
from ckanext.municipal.quality.score.readings import READINGS, shown

__all__ = [
    "municipal_quality_check",
    "municipal_quality_findings",
    "municipal_quality_history",
    "municipal_quality_mail_update",
    "municipal_quality_rules",
    "municipal_quality_show",
]

_ = tk._


@tk.side_effect_free
@tk.validate_action_data(schema.show)
def municipal_quality_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what the metadata of a dataset, a department or the whole portal is worth.

    :param id: id or name of a dataset; without it the answer is about many (optional)
    :param organization: name of a department; the whole portal by default (optional)
    :param band: of the datasets listed, ``bad``, ``sufficient``, ``good`` or ``excellent`` (optional)
    :param state: of the datasets listed, ``late``, ``broken`` (a link), ``refused`` (by the feeds) or
        ``unknown`` (links not checked yet) (optional)
    :param fix: lists datasets that lack this, as ``municipal_quality_rules`` names it (optional)
    :param q: words of a title or name (optional)
    :param sort: ``points`` (default), ``-points``, ``late``, ``broken`` or ``name`` (optional)
    :param limit: datasets at most, 100 by default, 1000 at most (optional)
    :param offset: datasets to pass over (optional)

    :returns: of a dataset ``points`` of 405, ``band``, ``dimensions``, ``metrics`` with their
        ``state``, ``fixes`` (what to mend, by the points gained), ``way`` (the cheapest to the next
        band), ``stars``, ``freshness``, ``findings`` and ``links``; ``unknown`` are points of links
        that were not checked yet, ``attainable`` is 405 without what does not apply. Of many
        ``datasets``, ``readings`` (both ways to sum up a catalogue), ``bands``, ``fixes``,
        ``departments``, ``total`` and ``results``
    :rtype: dictionary

    Example: ``/api/action/municipal_quality_show?id=budget-2024``
    """
    if data_dict.get("id"):
        of, told = reading.dataset(context, data_dict["id"], "municipal_quality_show")
        return {**of, **told}
    tk.check_access("municipal_quality_show", context, {})
    department = _department(data_dict)
    lines = reading.lines(department)
    names = ("band", "state", "fix", "q", "sort")
    found = listing.chosen(lines, Wanted(**{n: data_dict.get(n) or "" for n in names}))
    start, limit = data_dict["offset"], data_dict["limit"]
    together, tally = listing.summed(lines), reading.tally(department)
    parts = listing.by_department(lines)
    return {
        "organization": department,
        "of": TOTAL,
        "datasets": together.datasets,
        "readings": {
            "average": _number(together.average),
            "population": _number(tally.population()) if tally.datasets else None,
        },
        "bands": {name.value: together.bands[name] for name in BANDS},
        "fixes": [_mending(each) for each in listing.mendings(lines)],
        "departments": [_part(name, parts[name]) for name in sorted(parts)],
        "total": len(found),
        "results": [_line(each) for each in found[start : start + limit]],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.history)
def municipal_quality_history(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how a score came about, by the days on which it changed.

    :param id: id or name of a dataset; without it the answer is about many (optional)
    :param organization: name of a department; the whole portal by default (optional)

    :returns: ``days``, the oldest first, each with ``day`` and ``points``: of a dataset with those of
        each dimension, null where it was not public; of many the average, with ``datasets``
    :rtype: dictionary

    Example: ``/api/action/municipal_quality_history?organization=environment``
    """
    if data_dict.get("id"):
        of = reading.visible(context, data_dict["id"], "municipal_quality_history")
        days = reading.course_of(of["id"])
        return {**of, "days": [{"day": day.isoformat(), **points} for day, points in days]}
    tk.check_access("municipal_quality_history", context, {})
    department = _department(data_dict)
    return {
        "organization": department,
        "days": [
            {"day": day.isoformat(), "datasets": count, "points": _number(points)}
            for day, count, points in reading.course(department)
        ],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.findings)
def municipal_quality_findings(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what was found in the files of a dataset, or in one of them.

    :param id: id or name of a dataset, or id of a resource
    :param rule: only findings of this rule (optional)
    :param severity: only ``error``, ``warning`` or ``note`` (optional)
    :param limit: findings of a file at most, 100 by default, 1000 at most (optional)
    :param offset: findings of a file to pass over (optional)

    :returns: ``dataset`` (``id``, ``name``), and ``files``: of each ``state`` (``waiting``, ``reading``,
        ``checked``, ``unreadable``), ``checked`` (when), ``reason`` (why it could not be had),
        ``errors``, ``warnings``, ``notes`` (how many of each), ``tables`` with the schema that each
        shows, ``counts`` of each rule, sheet and field, ``total`` and ``findings``, the worst first,
        each with ``rule``, ``severity``, ``sheet``, ``row``, ``field``, ``value``, ``message`` and
        ``remedy``. Kept are the first findings of each rule and field
    :rtype: dictionary

    Example: ``/api/action/municipal_quality_findings?id=trees&severity=error``
    """
    of = resources.named(context, data_dict["id"], "municipal_quality_findings")
    start, limit = data_dict["offset"], data_dict["limit"]
    wanted = {n: data_dict[n] for n in ("rule", "severity") if data_dict.get(n)}
    found = resources.told(context, of)
    for each in found:
        chosen = [f for f in each["findings"] if all(f[n] == v for n, v in wanted.items())]
        each |= {"total": len(chosen), "findings": chosen[start : start + limit]}
    return {"dataset": {n: of.dataset[n] for n in ("id", "name")}, "files": found}


@tk.validate_action_data(schema.check)
def municipal_quality_check(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Have the files of a dataset, or one of them, read and checked again.

    :param id: id or name of a dataset, or id of a resource

    :returns: ``files``: how many wait now; ``municipal_quality_findings`` tells what comes of it
    :rtype: dictionary

    Example: ``{"id": "trees"}``
    """
    of = resources.named(context, data_dict["id"], "municipal_quality_check")
    with connection() as ours:
        files.read_again(ours, of.dataset["id"], of.resource_id)
    jobs.start()
    return {"files": len(resources.told(context, of))}


@tk.validate_action_data(schema.mail_update)
def municipal_quality_mail_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Choose how often to be told by e-mail what got worse in the datasets of one's departments.

    :param every: ``daily``, ``weekly`` or ``never``
    :param token: the key that a letter has in its last address; without it whoever is signed in
        chooses for themselves (optional)

    :returns: ``every``, as it is kept
    :rtype: dictionary

    Example: ``{"every": "weekly"}``
    """
    tk.check_access("municipal_quality_mail_update", context, data_dict)
    person = tokens.person(data_dict.get("token"), context.get("user"))
    if person is None:
        raise tk.ObjectNotFound(_("There is no such person here any more."))
    with connection() as ours:
        owners.choose(ours, person.id, data_dict["every"])
    return {"every": data_dict["every"]}


@tk.side_effect_free
@tk.validate_action_data(schema.rules)
def municipal_quality_rules(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what is measured and what can be mended.

    :returns: ``metrics`` (``id``, ``dimension``, ``points``, ``of_resource``, ``title``, ``fix``),
        ``fixes`` (``id``, ``message``, ``remedy``, ``field``), ``bands`` with the points they begin
        at, ``readings``, and ``rules`` of links
    :rtype: dictionary

    Example: ``/api/action/municipal_quality_rules``
    """
    tk.check_access("municipal_quality_rules", context, data_dict)
    return {
        "metrics": [
            {
                "id": each.id,
                "dimension": each.dimension.value,
                "points": each.points,
                "of_resource": each.of is not Of.DATASET,
                "title": texts(each.title),
                "fix": each.fix,
            }
            for each in METRICS.values()
        ],
        "fixes": [
            {
                "id": each.id,
                "field": each.field,
                "of_resource": each.of_resource,
                "message": texts(each.message),
                "remedy": texts(each.remedy),
            }
            for each in KINDS.values()
        ],
        "bands": [{**answers.band(each), "from": FROM[each]} for each in BANDS],
        "readings": {name: texts(text) for name, text in READINGS.items()},
        "rules": [
            {
                "id": each.id,
                "severity": each.severity.value,
                "message": texts(each.message),
                "remedy": texts(each.remedy),
            }
            for each in RULES
        ],
    }


def _department(asked: DataDict) -> str | None:
    """Return the name of the department that is asked about; raises NotFound for one that is none."""
    name = asked.get("organization")
    if name and not reading.is_department(name):
        raise tk.ObjectNotFound(_("There is no department of this name."))
    return name


def _number(value: Any) -> float | None:
    return None if value is None else float(shown(value))


def _mending(each: Mending) -> dict[str, Any]:
    return {
        "id": each.kind.id,
        "datasets": each.datasets,
        "gain": each.gain,
        "message": texts(each.kind.message),
        "remedy": texts(each.kind.remedy),
    }


def _part(name: str, lines: list[Line]) -> dict[str, Any]:
    together = listing.summed(lines)
    points = _number(together.average)
    return {
        "name": name,
        "datasets": together.datasets,
        "points": points,
        "band": band(round(points or 0)).value,
    }


def _line(each: Line) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "title": dict(each.title),
        "organization": each.department,
        "points": each.points,
        "unknown": each.unknown,
        "band": each.band.value,
        "stars": each.stars,
        "broken_links": each.broken,
        "freshness": answers.fresh(each.freshness),
        "in_feeds": each.served,
        "fixes": [{"id": name, "gain": gain} for name, gain in each.gains.items()],
    }
