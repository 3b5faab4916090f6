"""A source of requests and its gazetteer, made up: for the rows that are made of requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues.canonical import Canonical
from ckanext.municipal.issues.request import SourceRequest, Step
from ckanext.municipal.issues.source import (
    CategoryRule,
    IssueSource,
    Privacy,
    ReasonRule,
    StatusRule,
)
from ckanext.municipal.issues.tables import Row
from ckanext.municipal.portal.gazetteer import Gazetteer, Place
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.findings import Place as Where

ATHENS = ZoneInfo("Europe/Athens")
AT = datetime(2024, 5, 1, 9, 30, 15, tzinfo=UTC)
BOX = Box(22.80, 40.50, 23.10, 40.70)


def category(code: str, *names: str, **said: Any) -> CategoryRule:
    """A category that the YAML knows."""
    return CategoryRule(code, {"el": names[0], "en": code}, names, **said)


SOURCE = IssueSource(
    name="city-requests",
    title={"el": "Αιτήματα", "en": "Requests"},
    kind="improve_my_city",
    zone=ATHENS,
    box=BOX,
    statuses=(
        StatusRule(("Καταχωρήθηκε", "Submitted"), "open"),
        StatusRule(("Σε εξέλιξη", "Γνωστοποιήθηκε"), "in_progress"),
        StatusRule(("Κλειστό",), "closed"),
        StatusRule(("Solved",), "closed", "solved"),
        StatusRule(("Στο αρχείο",), "archived"),
    ),
    reasons=(
        ReasonRule("solved", ("Completed*", "Αποκαταστάθηκε")),
        ReasonRule("not_responsible", ("Transfer to *", "*ΔΕΥΑ*")),
        ReasonRule("duplicate", ("Completed as duplicate",)),
    ),
    categories=(
        category("cleaning", "Καθαριότητα"),
        category("cleaning-bins", "Κάδοι", "Καθαριότητα > Κάδοι", parent="cleaning"),
        category("green-bins", "Πράσινο > Κάδοι", parent="green"),
        category("green", "Πράσινο", "Τμήμα πρασίνου"),
        category("homeless", "Άστεγοι", sensitive=True),
        category("homeless-night", "Νυχτερινή μέριμνα", parent="homeless"),
    ),
)


def district(code: str, name: str, box: Box, *, exact: bool = True) -> Place:
    """A district of the city."""
    return Place(code, "municipal community", {"el": name, "en": code}, box, exact)


WEST = district("1-1", "Δυτικό", Box(22.80, 40.50, 22.96, 40.70))
EAST = district("1-2", "Ανατολικό", Box(22.94, 40.50, 23.10, 40.70))
CITY = Place("1", "municipality", {"el": "Δήμος", "en": "City"}, BOX, exact=True)
GAZETTEER = Gazetteer([CITY, WEST, EAST])


def canonical(
    stored: list[Row] | None = None, *, gazetteer: Gazetteer = GAZETTEER, **privacy: Any
) -> Canonical:
    """What makes rows of the source's requests, with something told or not."""
    source = replace(SOURCE, privacy=Privacy(**privacy))
    return Canonical(source, gazetteer, stored or [])


def request(id: str = "7", **said: Any) -> SourceRequest:
    """A request that was made, taken up and closed."""
    steps = (
        Step(AT, "Καταχωρήθηκε"),
        Step(AT + timedelta(days=1, hours=12), "Σε εξέλιξη"),
        Step(AT + timedelta(days=4), "Κλειστό"),
    )
    plain: dict[str, Any] = {
        "id": id,
        "status": "Κλειστό",
        "category": "Κάδοι",
        "category_path": ("Καθαριότητα", "Κάδοι"),
        "requested": AT,
        "updated": AT + timedelta(days=4),
        "lat": 40.6401,
        "long": 22.9001,
        "votes": 3,
        "comments": 0,
        "steps": steps,
        "place": Where("issues", row=7),
    }
    return SourceRequest(**{**plain, **said})


def made(rows: Canonical, of: SourceRequest) -> tuple[Row, list[Row]]:
    """A request's row and its events; it must be fit."""
    found = rows.of(of, Report())
    assert found is not None
    return found


def row(of: SourceRequest, **privacy: Any) -> Row:
    """A request's row."""
    return made(canonical(**privacy), of)[0]


def found(rows: Canonical, *requests: SourceRequest) -> dict[str, list[dict[str, Any]]]:
    """What is odd about some requests: by the id of the rule, the values of each finding."""
    report = Report()
    for each in requests:
        rows.of(each, report)
    rows.tell(report)
    told: dict[str, list[dict[str, Any]]] = {}
    for finding in (*report.findings, *report.quarantined):
        assert finding.message("en")
        assert finding.message("el")
        assert finding.remedy("el")
        told.setdefault(finding.rule.id, []).append(dict(finding.values))
    return told
