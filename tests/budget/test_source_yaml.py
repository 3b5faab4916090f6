"""A new city is a new YAML: what it may say, and what its author is told when it is wrong."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.budget import source_yaml
from ckanext.municipal.budget.phases import Side
from ckanext.municipal.harvest.source_form import SourceInvalid

HARVESTERS = Path(source_yaml.__file__).parent.parent / "harvesters"
SOURCES = sorted(
    path
    for path in HARVESTERS.glob("*.yaml")
    if yaml.safe_load(path.read_text(encoding="utf-8")).get("type") == source_yaml.TYPE
)
MINIMAL = {
    "name": "a-city",
    "type": "municipal_budget",
    "title": {"el": "Προϋπολογισμός", "en": "Budget"},
    "organization": "a-city",
    "municipality": "city",
    "where": {"url": "https://example.org/budget/"},
    "files": [
        {"pattern": r"(?P<year>\d{4})\.csv", "side": "code", "year": "group", "as_of": "year-end"}
    ],
}


def faults(content):
    """Return {key: sentence} of what is wrong with a source."""
    with pytest.raises(SourceInvalid) as caught:
        source_yaml.parse(content, "a-city.yaml")
    for finding in caught.value.findings:
        assert finding.place.file == "a-city.yaml"
        assert finding.message("en")
        assert finding.remedy("en")
    return {f.place.field: f"{f.message('en')} {f.remedy('en')}" for f in caught.value.findings}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_source_that_is_shipped_can_be_read(path):
    source = source_yaml.load(path)
    assert source.name == path.stem
    assert source.title["el"]
    assert source.title["en"]
    assert 0 < source.bad_rows <= 0.02


def test_the_shortest_source_has_the_defaults():
    source = source_yaml.parse(MINIMAL, "a-city.yaml")
    assert source.municipality is None
    assert (source.chart, source.decimal, source.schedule) == ("auto", "auto", "manual")
    assert source.zone == ZoneInfo("Europe/Athens")
    assert source.bad_rows == 0.02
    assert source.files[0].side.by == "code"


def test_a_file_name_gives_side_year_and_moment():
    source = source_yaml.load(HARVESTERS / "thessaloniki-budget.yaml")
    match = source.match("incomes/2016_04_01_22.54.csv")
    assert match is not None
    assert match.groups["side"] == "incomes"
    assert match.groups["minute"] == "54"
    assert source.match("Input CSV/Expenses/2016_04_01_22.54.csv") is not None
    assert source.match("incomes/2016_04_01_22.54.csv.part") is None
    assert source.match("readme.txt") is None


def test_a_constant_moment_is_local_time():
    source = source_yaml.load(HARVESTERS / "athens-budget.yaml")
    assert source.files[0].as_of == datetime(2025, 2, 2, tzinfo=ZoneInfo("Europe/Athens"))


def test_columns_of_one_kind_of_file_add_to_those_of_the_source():
    expenditure, revenue = source_yaml.load(HARVESTERS / "obeu-derived.yaml").files
    assert expenditure.columns["mandated"] == ("approved",)
    assert revenue.columns["assessed"] == ("approved",)
    assert expenditure.columns["budgeted"] == revenue.columns["budgeted"] == ("draft",)
    assert expenditure.side.side is Side.EXPENDITURE


def test_every_fault_is_told_at_once_with_its_key_and_remedy():
    told = faults(
        {**MINIMAL, "name": "Δήμος", "titel": {}, "limits": {"bad_rows": 5}, "chart": "x"}
    )
    assert set(told) == {"name", "titel", "limits.bad_rows", "chart"}
    assert "Nearest: title" in told["titel"]
    assert "kae-2004, glk-2018" in told["chart"]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"where": {}}, "where"),
        ({"where": {"url": "https://a.org", "inbox": "b"}}, "where"),
        ({"where": {"url": "file:///etc/passwd"}}, "where.url"),
        ({"where": {"inbox": "../other"}}, "where.inbox"),
        ({"where": {"inbox": "/etc"}}, "where.inbox"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"timezone": "../../etc"}, "timezone"),
        ({"columns": {"payd": "Πληρωθέντα"}}, "columns.payd"),
        ({"columns": {"paid": []}}, "columns.paid"),
        ({"title": "Budget"}, "title"),
        ({"municipality": {"uid": 6114, "name": {"el": "Δ", "en": "D"}}}, "municipality.uid"),
        ({"files": []}, "files"),
        ({"files": "x"}, "files"),
        ({"type": "dcat"}, "type"),
        ({"service": {"from": "name"}}, "service.from"),
        ({"suppress": [{}]}, "suppress[0]"),
        ({"table": {"encoding": 1253}}, "table.encoding"),
    ],
)
def test_a_wrong_key_is_named(change, key):
    assert key in faults({**MINIMAL, **change})


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"pattern": "("}, "files[0].pattern"),
        ({"pattern": "x"}, "files[0].pattern"),  # no group year
        ({"as_of": "groups", "pattern": r"(?P<year>\d+)"}, "files[0].pattern"),  # no group month
        ({"as_of": "sometime"}, "files[0].as_of"),
        ({"as_of": None}, "files[0].as_of"),
        ({"year": "MMXVI"}, "files[0].year"),
        ({"year": "column"}, "files[0].columns"),
        ({"side": "left"}, "files[0].side"),
        ({"side": {"from": "group", "values": {"a": "expenditure"}}}, "files[0].pattern"),
        ({"side": {"from": "sheet", "values": {"a": "left"}}}, "files[0].side.values"),
    ],
)
def test_a_wrong_kind_of_file_is_named_by_its_number(change, key):
    assert key in faults({**MINIMAL, "files": [{**MINIMAL["files"][0], **change}]})


def test_what_is_no_yaml_is_said_with_its_line():
    told = faults("name: a\n  title: [")
    assert "line 2" in told[""]
    assert "(file)" in faults("just a text")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*MINIMAL, "columns", "table", "limits", "x"]), VALUES))
def test_any_mapping_is_a_source_or_told_what_is_wrong(content):
    try:
        source_yaml.parse({**MINIMAL, **content}, "a-city.yaml")
    except SourceInvalid as invalid:
        told = invalid.findings
        assert told


@given(st.one_of(st.text(), st.binary()))
def test_any_bytes_are_a_source_or_told_what_is_wrong(content):
    with pytest.raises(SourceInvalid):
        source_yaml.parse(content, "a-city.yaml")
