"""The real files of other cities as rows: what is odd about them is told, with the requests named."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from canonical_city import GAZETTEER

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues import source_yaml
from ckanext.municipal.issues.canonical import Canonical
from ckanext.municipal.issues.sources import Access, reader_for
from ckanext.municipal.issues.tables import Tables
from ckanext.municipal.lib.http import Client
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.store import lexical

HARVESTERS = Path(source_yaml.__file__).parent.parent / "harvesters"
FILE = "data/issues/stlouis/2009.csv"
CHICAGO = ZoneInfo("America/Chicago")
ELSEWHERE = Box(22.85, 40.55, 23.05, 40.70)


@pytest.fixture
def st_louis(shared):
    """The source, its rows by id, their events, and what was told of them by rule."""
    source = source_yaml.load(HARVESTERS / "st-louis-requests.yaml", ELSEWHERE)
    reader = reader_for(source, Access(str(shared / FILE), Client(), secret=str, operator=True))
    rows, report = Canonical(source, GAZETTEER), Report()
    batches = list(reader.walk())
    made = [rows.of(each, report) for batch in batches for each in batch.requests]
    rows.tell(report)
    told: dict[str, list[Any]] = {}
    for finding in (*report.findings, *(one for batch in batches for one in batch.findings)):
        told.setdefault(finding.rule.id, []).append(finding.values)
    return rows, [each for each in made if each], told


def test_all_of_a_real_file_can_be_stored(st_louis):
    rows, made, _ = st_louis
    assert len(made) == 752
    requests = [row for row, _ in made]
    for table, told in {
        "requests": requests,
        "events": [event for _, events in made for event in events],
        "categories": rows.categories(requests, []),
        "statistics": rows.statistics(requests),
    }.items():
        assert list(lexical.columns(Tables("st-louis", CHICAGO).schema(table), told))


def test_what_is_odd_about_a_real_file_is_told_once_with_the_requests(st_louis, shared):
    _, made, told = st_louis
    with (shared / FILE).open(encoding="utf-8", newline="") as content:
        lines = list(csv.DictReader(content))
    twice = {
        id_ for id_, count in Counter(line["REQUESTID"] for line in lines).items() if count > 1
    }
    assert len(twice) == 42
    assert {values["id"] for values in told["requests-id-twice"]} == twice
    (nowhere,) = told["issues-no-coordinates"]
    assert nowhere["count"] == 23
    assert set(nowhere["ids"].split(", ")) == {
        line["REQUESTID"] for line in lines if not line["SRX"]
    }
    (early,) = told["issues-closed-before-requested"]
    assert (early["count"], early["ids"]) == (1, "76123")
    assert set(told) <= {
        *("requests-id-twice", "issues-no-coordinates", "issues-closed-before-requested"),
        "issues-category-unknown",
    }
    (row,) = [row for row, _ in made if row["id"] == "76123"]
    assert row["days_to_close"] is None


def test_a_clean_up_years_later_does_not_move_the_median_of_a_real_file(st_louis):
    rows, made, _ = st_louis
    whole = next(iter(rows.statistics(row for row, _ in made)))
    assert whole["median_days_to_close"] < 60 < whole["mean_days_to_close"]
