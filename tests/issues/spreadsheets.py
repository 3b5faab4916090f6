"""Files of requests made for tests, and the reader of tables set to them."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ckanext.municipal.harvest.source_form import Form
from ckanext.municipal.issues.request import Batch, SourceRequest
from ckanext.municipal.issues.sources.table import Settings, TableReader, settings
from ckanext.municipal.lib.http import Client
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.findings import Finding

ATHENS = ZoneInfo("Europe/Athens")
CITY = Box(22.85, 40.55, 23.05, 40.70)
COLUMNS = {
    "id": "Αρ. αιτήματος",
    "status": "Κατάσταση",
    "category_path": ["Κατηγορία", "Υποκατηγορία"],
    "requested": "Υποβλήθηκε",
    "closed": "Έκλεισε",
    "lat": "Γεωγρ. πλάτος",
    "long": "Γεωγρ. μήκος",
}
HEADER = [
    *("Αρ. αιτήματος", "Κατάσταση", "Κατηγορία", "Υποκατηγορία", "Υποβλήθηκε", "Έκλεισε"),
    *("Γεωγρ. πλάτος", "Γεωγρ. μήκος", "Ονοματεπώνυμο", "E-mail"),
]
REPORTER = ("Παπαδοπούλου Μαρία", "maria@example.com")


def row(id: Any, **changes: Any) -> list[Any]:
    """A row that nothing is wrong with, by `HEADER`; ``changes`` name fields of `COLUMNS`."""
    said: dict[str, Any] = {
        "id": id,
        "status": "Κλειστό",
        "category": "Καθαριότητα",
        "subcategory": "Κάδοι",
        "requested": "5/3/2024 10:30",
        "closed": "7/3/2024 9:00",
        "lat": "40.6264",
        "long": "22.9484",
    }
    return [*{**said, **changes}.values(), *REPORTER]


def csv_of(
    rows: Iterable[Iterable[Any]],
    header: Iterable[str] = HEADER,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> bytes:
    """A CSV as programs write it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode(encoding)


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def point(x: float, y: float) -> dict[str, Any]:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": [x, y]}


def geojson_of(features: Iterable[Any]) -> bytes:
    """A FeatureCollection."""
    told = {"type": "FeatureCollection", "features": list(features)}
    return json.dumps(told, ensure_ascii=False).encode()


def set_to(**keys: Any) -> Settings:
    """The settings of a YAML that says these keys below ``source``; they have to be right."""
    faults: list[Finding] = []
    made = settings(Form("made.yaml", {"columns": COLUMNS, **keys}, faults))
    assert not faults, [fault.message("en") + fault.remedy("en") for fault in faults]
    return made


def faults_of(**keys: Any) -> list[str]:
    """The keys of a YAML that cannot be used."""
    faults: list[Finding] = []
    settings(Form("made.yaml", {"columns": COLUMNS, **keys}, faults))
    return [fault.place.field for fault in faults]


Read = Callable[..., list[Batch]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write files into a folder and read them: ``read({name: bytes}, **keys of the YAML)``."""

    def read_it(content: Mapping[str, bytes] | bytes, /, **keys: Any) -> list[Batch]:
        content = {"requests.csv": content} if isinstance(content, bytes) else content
        for name, data in content.items():
            place = tmp_path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        return list(reader(str(tmp_path), **keys).walk())

    return read_it


def reader(where: str, **keys: Any) -> TableReader:
    """The reader of a local path."""
    return TableReader(where, Client(), set_to(**keys), ATHENS, CITY, operator=True)


def requests(batches: Iterable[Batch]) -> list[SourceRequest]:
    """Return the requests of all batches."""
    return [request for batch in batches for request in batch.requests]


def findings(batches: Iterable[Batch], rule: str = "") -> list[Finding]:
    """Return the findings of all batches, those of one rule if it is named, refused rows among them."""
    found = [one for batch in batches for one in (*batch.refused, *batch.findings)]
    return [one for one in found if not rule or one.rule.id == rule]


def told(batches: Iterable[Batch]) -> Counter[str]:
    """Return how often each rule fired."""
    return Counter(finding.rule.id for finding in findings(batches))
