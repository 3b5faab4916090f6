"""harvesters/NAME.yaml -> `IssueSource`, or every fault of the file with its key and remedy. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ckanext.municipal.harvest import source_keys as keys
from ckanext.municipal.harvest.source_form import Form, SourceInvalid
from ckanext.municipal.issues import source_names
from ckanext.municipal.issues.source import TYPE, IssueSource, Privacy
from ckanext.municipal.issues.sources import KINDS
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.findings import Finding

_KEYS = (
    *("name", "type", "title", "organization", "municipality", "themes", "where", "schedule"),
    *("timezone", "language", "source", "statuses", "close_reasons", "categories", "privacy"),
    *("box", "limits"),
)
SMALLEST_GROUP = 5
"""The least that ``privacy.k`` may be, whatever a source says."""

FINEST_GRID_METRES = 50
LANGUAGES = ("el", "en")


def load(path: Path, box: Box) -> IssueSource:
    """Read one source's YAML file; raises `SourceInvalid` with every fault it has."""
    return parse(path.read_bytes(), path.name, box)


def parse(content: bytes | str | Mapping[str, Any], file: str, box: Box) -> IssueSource:
    """Read a source from the text of a YAML file, or from the mapping it holds.

    ``file`` is the name that faults carry, ``box`` the rectangle that the city lies in, for a
    source that names none. Raises `SourceInvalid`, also for text that is no YAML.
    """
    faults: list[Finding] = []
    source = _source(Form(file, keys.mapping_of(content, file), faults), box)
    if faults:
        raise SourceInvalid(faults)
    return source


def _source(form: Form, city_box: Box) -> IssueSource:
    form.only(_KEYS)
    form.choice("type", (TYPE,))
    url, inbox = keys.where(form.form("where"))
    kind, reader = _reader(form, url)
    limits = form.form("limits")
    limits.only(("bad_rows", "whole_every"))
    return IssueSource(
        name=keys.name(form),
        title=MappingProxyType(form.texts("title")),
        kind=kind,
        zone=keys.zone(form),
        box=_box(form, city_box),
        reader=reader,
        url=url or None,
        inbox=inbox or None,
        organization=form.text("organization", "the name of the publishing organisation"),
        municipality=keys.municipality(form) if "municipality" in form.content else None,
        schedule=form.choice("schedule", keys.SCHEDULES, "manual"),
        themes=form.names("themes"),
        language=form.choice("language", LANGUAGES, "el"),
        statuses=source_names.statuses(form),
        reasons=source_names.reasons(form),
        categories=source_names.categories(form),
        privacy=_privacy(form.form("privacy")),
        bad_rows=float(limits.number("bad_rows", 0, 1, 0.02)),
        whole_every=timedelta(days=limits.whole("whole_every", 1, 365, 7)),
    )


def _reader(form: Form, url: str) -> tuple[str, Any]:
    """The kind of a source and what its own keys say, None where there is no such kind."""
    if "source" not in form.content:
        form.form("source").choice("kind", tuple(KINDS))
        return "", None
    kind = form.form("source").choice("kind", tuple(KINDS))
    if not kind:
        return "", None
    if KINDS[kind].web and not url:
        form.wrong("where", form.content.get("where"), "url: https://… (it is asked over the web)")
    written = form.content["source"]
    own = {key: value for key, value in written.items() if key != "kind"}
    return kind, KINDS[kind].settings(Form(form.file, own, form.faults, form.key("source")))


def _privacy(form: Form) -> Privacy:
    form.only(("title", "description", "photo", "street", "grid", "k", "days", "rows"))
    return Privacy(
        title=form.flag("title", default=False),
        description=form.flag("description", default=False),
        photo=form.flag("photo", default=False),
        street=form.flag("street", default=False),
        grid_metres=form.whole("grid", FINEST_GRID_METRES, 10_000, 100),
        k=form.whole("k", SMALLEST_GROUP, 1_000, SMALLEST_GROUP),
        days=form.flag("days", default=False),
        rows=form.flag("rows", default=True),
    )


def _box(form: Form, city_box: Box) -> Box:
    value = form.content.get("box")
    if value is None:
        return city_box
    numbers = value if isinstance(value, list) and len(value) == 4 else []
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in numbers):
        match numbers:
            case [west, south, east, north] if (
                -180 <= west < east <= 180 and -90 <= south < north <= 90
            ):
                return Box(float(west), float(south), float(east), float(north))
    form.wrong("box", value, "[west, south, east, north] in degrees")
    return city_box
