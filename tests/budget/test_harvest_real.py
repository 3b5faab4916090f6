"""The 24 real exports of April 2016, harvested into a portal and read back by a visitor."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest


@pytest.fixture
def thessaloniki(make_inbox, shared: Path):
    """The inbox with every real export in it, not harvested yet."""
    inbox = make_inbox("thessaloniki-budget")
    for side in ("expenses", "incomes"):
        files = sorted((shared / "data" / "budget" / "thessaloniki-2016" / side).glob("*.csv"))
        inbox.add(*files, into=side)
    return inbox


def sums(path: Path) -> list[Decimal]:
    """The sum of each amount column of an export, by nothing but the csv module."""
    rows = list(csv.reader(path.read_text(encoding="utf-16").splitlines(), delimiter=";"))
    amounts = [row[3 : len(rows[0])] for row in rows[1:] if row]
    columns = zip(*amounts, strict=True)
    return [sum(Decimal(a.replace(".", "").replace(",", ".")) for a in c) for c in columns]


def test_the_real_exports_become_one_dataset_with_every_amount_to_the_cent(thessaloniki, shared):
    run = thessaloniki.run()
    assert run["added"] == 1, thessaloniki.errors()
    (dataset,) = thessaloniki.datasets()
    assert dataset["fiscal_year"] == "2016"
    lines = thessaloniki.rows(dataset, "lines")
    assert sum(row["side"] == "expenditure" for row in lines) == 1157
    assert sum(row["side"] == "revenue" for row in lines) == 267
    snapshots = thessaloniki.rows(dataset, "snapshots")
    assert len(snapshots) == 24
    phases = {
        "expenditure": ("budgeted", "revised", "committed", "mandated", "paid"),
        "revenue": ("budgeted", "revised", "assessed", "collected"),
    }
    for snapshot in snapshots:
        path = shared / "data" / "budget" / "thessaloniki-2016" / snapshot["file"]
        told = [Decimal(str(snapshot[f"sum_{phase}"])) for phase in phases[snapshot["side"]]]
        assert told == sums(path), snapshot["file"]
    again = thessaloniki.run()
    assert (again["added"], again["updated"]) == (0, 0)
    assert thessaloniki.datasets() == [dataset]
