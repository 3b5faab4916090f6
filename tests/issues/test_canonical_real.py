"""The real files of other cities as rows: what is odd about them is told, with the requests named."""

from __future__ import annotations

from pathlib import Path

import pytest
from canonical_city import GAZETTEER

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues import source_yaml
from ckanext.municipal.issues.canonical import Canonical
from ckanext.municipal.issues.sources import Access, reader_for
from ckanext.municipal.issues.tables import schema_of
from ckanext.municipal.lib.http import Client
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.store import lexical

HARVESTERS = Path(source_yaml.__file__).parent.parent / "harvesters"
ELSEWHERE = Box(22.85, 40.55, 23.05, 40.70)


@pytest.fixture
def st_louis(shared):
    """The source, its rows by id, their events, and what was told of them by rule."""
    source = source_yaml.load(HARVESTERS / "st-louis-requests.yaml", ELSEWHERE)
    file = shared / "data/issues/stlouis/2009.csv"
    reader = reader_for(source, Access(str(file), Client(), secret=str, operator=True))
    rows, report = Canonical(source, GAZETTEER), Report()
    made = [rows.of(each, report) for batch in reader.walk() for each in batch.requests]
    rows.tell(report)
    told = {finding.rule.id: finding.values for finding in report.findings}
    return rows, [each for each in made if each], told


def test_all_of_a_real_file_can_be_stored(st_louis):
    rows, made, _ = st_louis
    assert len(made) == 752
    requests = [row for row, _ in made]
    assert list(lexical.columns(schema_of("requests"), requests))
    assert list(lexical.columns(schema_of("events"), [e for _, events in made for e in events]))
    assert list(lexical.columns(schema_of("categories"), rows.categories(requests, [])))
    assert list(lexical.columns(schema_of("statistics"), rows.statistics(requests)))


def test_what_is_odd_about_a_real_file_is_told_once_with_the_requests(st_louis):
    _, made, told = st_louis
    assert told["issues-no-coordinates"]["count"] == 23
    assert "issues-outside" not in told
    # The reader of tables has told of the one that was closed before it was made, and left that out.
    (early,) = [row for row, _ in made if row["id"] == "76123"]
    assert early["days_to_close"] is None


def test_a_clean_up_years_later_does_not_move_the_median_of_a_real_file(st_louis):
    rows, made, _ = st_louis
    whole = next(iter(rows.statistics(row for row, _ in made)))
    assert whole["median_days_to_close"] < 60 < whole["mean_days_to_close"]
