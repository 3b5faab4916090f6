"""The real exports, to the cent: lines, sums, findings."""

from __future__ import annotations

import csv
import io
from collections import Counter
from decimal import Decimal

import pytest
from budget_exports import read_one, source

from ckanext.municipal.budget import rules
from ckanext.municipal.budget.execution import rebuild, state_at, state_of
from ckanext.municipal.budget.phases import PHASES, Side

EXPENSE_HEADERS = ("Προϋπολογισθέντα", "Διαμορφωθέντα", "Δεσμευθέντα", "Ενταλθέντα", "Πληρωθέντα")
INCOME_HEADERS = ("Προϋπολογισθέντα", "Διαμορφωθέντα", "Βεβαιωθέντα", "Εισπραχθέντα")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1253", "iso8859-7", "cp737")


@pytest.fixture(scope="module")
def folder(shared):
    """The folder of one month of daily exports of both sides."""
    return shared / "data" / "budget" / "thessaloniki-2016"


@pytest.fixture(scope="module")
def days(folder):
    """Every daily export, read, by its path in the folder."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.csv"))
    return {name: read_one((folder / name).read_bytes(), name) for name in names}


@pytest.fixture(scope="module")
def years(shared):
    """The years published by OpenBudgets.eu, by file."""
    of = source("obeu-derived")
    paths = sorted((shared / "data" / "budget").glob("*.derived.csv"))
    return {
        path.stem.partition(".")[0]: read_one(path.read_bytes(), path.name, of) for path in paths
    }


def sums_by_hand(data: bytes, headers) -> dict[str, Decimal]:
    """Sum each column with nothing but the csv module."""
    header, *rows = csv.reader(io.StringIO(data.decode("utf-16")), delimiter=";")
    return {
        name: sum(
            (Decimal(row[header.index(name)].replace(".", "").replace(",", ".")) for row in rows),
            Decimal(0),
        )
        for name in headers
    }


def test_every_day_has_all_its_lines_and_nothing_is_set_aside(days):
    assert len(days) == 24
    for name, statement in days.items():
        assert len(statement.lines) == (1157 if name.startswith("expenses") else 267)
        assert statement.quarantined == ()
        assert statement.findings == ()
        assert (statement.year, statement.chart) == (2016, "kae-2004")


def test_every_phase_of_every_day_sums_to_the_cent(days, folder):
    for name, statement in days.items():
        headers = EXPENSE_HEADERS if statement.side is Side.EXPENDITURE else INCOME_HEADERS
        by_hand = sums_by_hand((folder / name).read_bytes(), headers)
        read = {phase: total for phase, total in statement.totals().items() if total is not None}
        labels = {PHASES[phase].label["el"]: total for phase, total in read.items()}
        assert labels == by_hand


def test_the_voted_budget_balances_and_no_phase_is_out_of_order(days):
    for day in {name.partition("/")[2] for name in days}:
        both = [days[f"expenses/{day}"], days[f"incomes/{day}"]]
        year = rules.YearBudget(2016, {one.side: one for one in both})
        assert rules.check_year(year) == []
        found = Counter(f.rule.id for one in both for f in rules.check_statement(one))
        assert not {"phase-order", "collected-over-assessed", "phase-copied"} & set(found)
        assert found["partial-year"] == 2


def test_what_the_real_labels_hold_is_found(days):
    found = rules.check_statement(days["expenses/2016_04_18_21.29.csv"])
    words = [f.values["words"] for f in found if f.rule.id == "homoglyphs"]
    assert words == ["ΓΡΑΦΕΙΟΥA"]
    counted = Counter(f.rule.id for f in found)
    assert counted["label-drift"] >= 7
    assert counted["label-may-name-person"] >= 33


def test_every_service_of_the_real_files_has_a_code(days):
    codes = {line.service_code for one in days.values() for line in one.lines}
    assert all(code == "" or (code.isdigit() and len(code) == 2) for code in codes)


def test_the_days_kept_as_changes_give_back_every_day(days):
    for side in Side:
        snapshots = {s.as_of: state_of(s.lines) for s in days.values() if s.side is side}
        rows = rebuild(snapshots)
        assert all(state_at(rows, moment) == state for moment, state in snapshots.items())
        first = len(snapshots[min(snapshots)])
        assert len(rows) < first + 50 * len(snapshots)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("side", ["expenses", "incomes"])
def test_a_real_day_in_another_encoding_gives_the_same_lines(folder, days, side, encoding):
    name = f"{side}/2016_04_18_21.29.csv"
    text = (folder / name).read_bytes().decode("utf-16")
    # What a code page lacks stands for itself in all of them, so that they can be compared.
    known = text.encode(encoding, "replace").decode(encoding)
    expected = read_one(known.encode("utf-8"), name).lines
    assert read_one(text.encode(encoding, "replace"), name).lines == expected
    if known.lstrip("\ufeff") == text:
        assert expected == days[name].lines


def test_the_header_only_export_of_another_vendor_is_an_empty_statement(shared):
    path = shared / "data" / "budget" / "kalamaria" / "2016_01_01_00.00.csv"
    statement = read_one(path.read_bytes(), path.name, source("kalamaria-budget"))
    assert statement.lines == ()
    assert [f.rule.id for f in statement.findings] == ["no-lines"]
    assert statement.phases == (
        "proposed",
        "budgeted",
        "adjustment",
        "revised",
        "assessed",
        "collected",
    )


def test_the_derived_years_are_read_to_the_cent(years):
    sizes = {name: len(one.lines) for name, one in years.items()}
    assert sizes == {
        "expenditure-2011": 1549,
        "expenditure-2015": 1084,
        "expenditure-2017": 1283,
        "revenue-2011": 367,
        "revenue-2012": 367,
        "revenue-2015": 296,
    }
    totals = years["expenditure-2011"].totals()
    assert totals["paid"] == totals["committed"] == Decimal("285744198.91")
    assert years["revenue-2015"].totals()["budgeted"] == Decimal("369500000.00")
    assert {line.service_code for line in years["revenue-2015"].lines} == {""}


def test_rows_of_the_derived_years_that_stand_for_nothing_are_set_aside(years):
    orphans = [f.rule.id for f in years["expenditure-2017"].quarantined]
    assert orphans == ["row-orphan"] * 12


def test_the_copied_phases_of_2011_are_found(years):
    (finding,) = [
        f for f in rules.check_statement(years["expenditure-2011"]) if f.rule.id == "phase-copied"
    ]
    assert finding.values["phases"]["en"] == "Committed, Ordered for payment, Paid"


def test_the_year_that_does_not_balance_is_found(years):
    sides = {years[name].side: years[name] for name in ("revenue-2011", "expenditure-2011")}
    (finding,) = rules.check_year(rules.YearBudget(2011, sides))
    assert finding.values["difference"] == Decimal("-55327689.29")
    sides = {years[name].side: years[name] for name in ("revenue-2015", "expenditure-2015")}
    assert rules.check_year(rules.YearBudget(2015, sides)) == []


def test_the_year_that_is_a_copy_is_found(years):
    revenue = {year: {Side.REVENUE: years[f"revenue-{year}"]} for year in (2011, 2012, 2015)}
    of = {year: rules.YearBudget(year, sides) for year, sides in revenue.items()}
    assert [f.rule.id for f in rules.compare_years(of[2011], of[2012])] == ["year-copied"]
    assert "year-copied" not in {f.rule.id for f in rules.compare_years(of[2012], of[2015])}


def test_lines_that_changed_code_or_label_between_years_are_found(years):
    spending = [
        rules.YearBudget(year, {Side.EXPENDITURE: years[f"expenditure-{year}"]})
        for year in (2015, 2017)
    ]
    found = Counter(f.rule.id for f in rules.compare_years(*spending))
    assert found["relabelled"] == 37
    assert found["recoded"] >= 60
