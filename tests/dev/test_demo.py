"""The demonstration city: the same bytes each time, figures that hold, exports that are read."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from ckanext.municipal.budget import rules, source_yaml
from ckanext.municipal.budget.codelists import code_list
from ckanext.municipal.budget.statement import Statement, read_statements
from ckanext.municipal.lib import tables
from dev.demo import budgets, datasets, plan
from dev.demo.__main__ import write
from dev.demo.execution import PHASES, state

ORDER = ("paid", "mandated", "committed", "revised")


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    """The demonstration city, written once."""
    folder = tmp_path_factory.mktemp("demo")
    write(folder)
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def statements(city: Path, name: str) -> list[Statement]:
    source = source_yaml.load(city / "harvesters" / f"{name}-budget.yaml")
    inbox = city / "inbox" / "budget" / name
    paths = sorted(path for path in inbox.rglob("*") if path.is_file())
    return [
        statement
        for path in paths
        for statement in read_statements(path.read_bytes(), str(path.relative_to(inbox)), source)
    ]


@pytest.fixture(scope="module")
def city_statements(city) -> list[Statement]:
    """What the city's source reads, file after file."""
    return statements(city, "demo-city")


def test_written_twice_it_is_the_same_bytes(city, tmp_path):
    write(tmp_path / "again")
    write(tmp_path / "again")
    assert digests(tmp_path / "again") == digests(city)


@pytest.mark.parametrize("year", plan.YEARS)
@pytest.mark.parametrize("part", [1, 5])
def test_revenue_voted_is_expenditure_voted(year, part):
    totals = defaultdict(int)
    for line in plan.budget(year, part):
        totals[line.side] += line.voted
        assert line.voted >= 0
    assert totals["revenue"] == totals["expenditure"] > 0


@pytest.mark.parametrize("year", plan.YEARS)
def test_no_phase_overtakes_the_one_before_it_and_none_goes_back(year):
    lines = plan.budget(year)
    before: list[dict[str, int]] = [{} for _ in lines]
    for day in [date(year, month, 28) for month in range(1, 13)]:
        now = state(lines, year, day)
        for line, then, amounts in zip(lines, before, now, strict=True):
            if line.side == plan.EXPENDITURE:
                assert [amounts[p] for p in ORDER] == sorted(amounts[p] for p in ORDER), line
            else:
                assert amounts["collected"] <= amounts["assessed"], line
            for phase in PHASES[line.side][2:]:
                assert amounts[phase] >= then.get(phase, 0), line
        before = now


@pytest.mark.parametrize("year", plan.YEARS)
def test_both_sides_are_revised_alike(year):
    lines = plan.budget(year)
    totals = defaultdict(int)
    for line, amounts in zip(lines, state(lines, year, date(year, 12, 31)), strict=True):
        totals[line.side] += amounts["revised"] - line.voted
    assert totals["revenue"] == totals["expenditure"] > 0


def test_codes_are_those_of_the_chart_in_force():
    for year in plan.YEARS:
        for line in plan.budget(year):
            if plan.chart_of(year) == plan.KAE_2004:
                assert line.code[:4] in code_list("kae-2004", line.side)
            else:
                assert code_list("glk-2018", line.side).nearest_known(line.code[:7])


def test_files_have_the_byte_shapes_of_real_exports(city):
    inbox = city / "inbox" / "budget" / "demo-city" / "expenses"
    old = (inbox / "2022_03_31_21.29.csv").read_bytes()
    new = (inbox / "2026_03_02_21.29.csv").read_bytes()
    assert "Υπηρεσία;Κ.Α.".encode("cp1253") in old
    assert new.startswith(b"\xfe\xff")
    lines = new.decode("utf-16").split("\n")
    assert not lines[0].endswith(";")
    assert all(line.endswith(";") for line in lines[1:-1])
    [sheet] = tables.read(new, "demo.csv")
    assert sheet.dropped.trailing_field
    assert not any(row.ragged for row in sheet.rows)


def test_a_saturday_says_the_same_as_the_friday_before(city):
    for side in ("expenses", "incomes"):
        inbox = city / "inbox" / "budget" / "demo-city" / side
        friday, saturday = (inbox / f"2026_03_{day}_21.29.csv" for day in ("06", "07"))
        assert friday.read_bytes() == saturday.read_bytes()


def test_the_city_is_read_by_its_source_without_a_row_set_aside(city_statements):
    read = city_statements
    assert {statement.year for statement in read} == set(plan.YEARS)
    assert not [finding for statement in read for finding in statement.quarantined]
    charts = {(statement.year, statement.chart) for statement in read}
    assert charts == {(year, plan.chart_of(year)) for year in plan.YEARS}
    assert all(line.service_code for s in read if s.side == "expenditure" for line in s.lines)


def test_sums_of_an_export_are_those_of_the_plan(city_statements):
    day = date(2026, 3, 31)
    lines = plan.budget(2026)
    sums: dict[str, dict[str, int]] = {side: defaultdict(int) for side in PHASES}
    for line, amounts in zip(lines, state(lines, 2026, day), strict=True):
        for phase, cents in amounts.items():
            sums[line.side][phase] += cents
    read = [s for s in city_statements if s.as_of.date() == day]
    assert len(read) == 2
    for statement in read:
        for phase, cents in sums[statement.side].items():
            assert statement.totals()[phase] == Decimal(cents) / 100


def test_the_suburbs_workbooks_are_read_by_their_source(city):
    read = statements(city, "demo-suburb")
    assert len(read) == 4
    for statement in read:
        assert not statement.quarantined
        assert len(statement.totals_rows) == 1
        assert not [f for f in rules.check_statement(statement) if f.rule.severity == "error"]


def test_the_citys_own_faults_are_found_and_no_others_of_weight(city_statements):
    december = [s for s in city_statements if (s.as_of.month, s.year) == (12, 2024)]
    found = [finding for s in december for finding in rules.check_statement(s)]
    assert any(
        "ΧΑΡΤΙ" in str(finding.values) or "homoglyph" in finding.rule.id for finding in found
    )
    assert not [finding for finding in found if finding.rule.severity == "error"]


@pytest.mark.parametrize("name", ["thessaloniki-budget"])
def test_the_sources_of_real_cities_read_the_same_shapes(city, name):
    source = source_yaml.load(Path(budgets.__file__).parents[2] / "harvesters" / f"{name}.yaml")
    path = "expenses/2026_03_31_21.29.csv"
    data = (city / "inbox" / "budget" / "demo-city" / path).read_bytes()
    [statement] = read_statements(data, path, source)
    assert statement.lines


def test_every_dataset_says_what_it_is_and_that_it_is_no_real_city(city):
    descriptions = sorted((city / "datasets").glob("*/metadata.yaml"))
    assert len(descriptions) == 8
    organizations = yaml.safe_load((city / "organizations.yaml").read_text(encoding="utf-8"))
    known = {entry["name"] for entry in organizations}
    for path in descriptions:
        about = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert about["owner_org"] in known
        assert "επίδειξης" in about["title_translated"]["el"]
        assert "demonstration" in about["title_translated"]["en"]
        [resource] = about["resources"]
        rows = list(csv.reader(io.StringIO((path.parent / resource["file"]).read_text("utf-8"))))
        assert len(rows) > 8
        assert {len(row) for row in rows} == {len(rows[0])}


def test_points_lie_where_the_gazetteer_puts_their_district():
    rows = list(csv.DictReader(io.StringIO(datasets.csv_bytes("trees").decode())))
    places = {place["el"]: place for place in datasets.places()}
    for row in rows:
        place = places[row["district"]]
        assert float(place["south"]) < float(row["latitude"]) < float(place["north"])
        assert float(place["west"]) < float(row["longitude"]) < float(place["east"])
