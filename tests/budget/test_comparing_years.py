"""Years side by side, as a program asks for them: harvested from exports, published, compared."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from budget_exports import export
from budget_portal import REVENUE

WAGES = "Υπηρεσίες πρασίνου;6011.01.01;{};{},00;{},00;0,00;0,00;0,00"
STREET = "Γενικές υπηρεσίες;{};ΠΕΖΟΔΡΟΜΗΣΗ ΟΔΟΥ;{},00;{},00;0,00;0,00;{}"
RESERVE = "Αποθεματικό;9111.01.01;ΠΟΣΟ ΔΙΑΘΕΣΙΜΟ;500,00;500,00;0,00;0,00;0,00"
YEARS = {
    2015: (WAGES.format("ΑΠΟΔΟΧΕΣ", 100, 110), STREET.format("7341.31", 50, 50, "20,00"), RESERVE),
    2016: (WAGES.format("ΑΠΟΔΟΧΈΣ", 200, 210), STREET.format("7341.31", 60, 60, "")),
    2017: (WAGES.format("ΜΙΣΘΟΙ", 300, 310), STREET.format("7325.07", 70, 70, "30,00")),
}


@pytest.fixture
def inbox(make_inbox):
    inbox = make_inbox("thessaloniki-budget")
    for year, rows in YEARS.items():
        inbox.write(f"expenses/{year}_12_31_21.29.csv", export(rows))
    inbox.write(
        "incomes/2017_12_31_21.29.csv",
        export([";0111.01.01;ΜΙΣΘΩΜΑΤΑ;9,00;9,00;;"], header=REVENUE),
    )
    assert inbox.run()["added"] == 3, inbox.errors()
    return inbox


def compare(**query: Any) -> dict[str, Any]:
    return tk.get_action("municipal_budget_compare")({"user": ""}, query)


def told(answer: dict[str, Any], phase: str) -> dict[str, list[Any]]:
    """One phase by code, year by year; "lacks" where a year does not have the code."""
    return {
        code["code"]: [
            "lacks" if amounts is None else amounts[phase] for amounts in code["years"].values()
        ]
        for code in answer["codes"]
    }


def test_published_years_are_compared_and_what_moved_is_marked(inbox, app):
    """In one portal: to harvest three years takes seconds."""
    answer = compare()
    assert [(year["year"], year["as_of"]) for year in answer["years"]] == [
        (2016, "2016-12-31T21:29:00"),
        (2017, "2017-12-31T21:29:00"),
    ]
    assert told(answer, "budgeted") == {
        "6011": [200, 300],
        "7325": ["lacks", 70],
        "7341": [60, "lacks"],
    }
    assert told(answer, "paid")["7341"] == [None, "lacks"], (
        "a blank is not zero, nor a missing code"
    )
    moved = {"from": {"year": 2016, "code": "7341"}, "to": {"year": 2017, "code": "7325"}}
    assert [code["recoded"] for code in answer["codes"]] == [[], [moved], [moved]]
    assert answer["codes"][0]["name"]["en"]

    # Over HTTP, without an account; amounts are numbers with two decimals.
    page = app.get("/api/3/action/municipal_budget_compare?years=2017,2015&level=1")
    assert '"revised": 310.00' in page.get_data(as_text=True)
    by_class = json.loads(page.get_data(as_text=True))["result"]
    assert told(by_class, "revised") == {"6": [110, 310], "7": [50, 70], "9": [500, "lacks"]}
    assert [code["recoded"] for code in by_class["codes"]] == [[], [], []], "a move inside class 7"

    # Line by line: an accent in 2016 makes no other label, «ΜΙΣΘΟΙ» does.
    lines = compare(years="2015,2016,2017", level="line")
    assert {c["code"]: (c["relabelled"], len(c["recoded"])) for c in lines["codes"]} == {
        "00/7325.07": (False, 1),
        "00/7341.31": (False, 1),
        "35/6011.01.01": (True, 0),
        "90/9111.01.01": (False, 0),
    }
    assert told(lines, "budgeted")["35/6011.01.01"] == [100, 200, 300]

    first = compare(limit=2)
    assert (first["total"], len(first["codes"]), first["next_offset"]) == (3, 2, 2)
    rest = compare(limit=2, offset=2)
    assert ([code["code"] for code in rest["codes"]], rest["next_offset"]) == (["7341"], None)
    missing({"years": "2014,2016"}, {"side": "revenue"}, {"municipality": "4711"})

    # A year that the reader may not see is none.
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    hidden = {"id": inbox.datasets()[-1]["id"], "private": True}
    tk.get_action("package_patch")({"user": site["name"], "ignore_auth": True}, hidden)
    assert [year["year"] for year in compare()["years"]] == [2015, 2016]
    missing({"years": "2016,2017"})


def missing(*queries: dict[str, Any]) -> None:
    """Each of them is answered by a sentence that says what is not there."""
    for query in queries:
        with pytest.raises(tk.ObjectNotFound) as told_so:
            compare(**query)
        assert told_so.value.message, query


@pytest.fixture
def derived(make_inbox, shared: Path):
    """The years of OpenBudgets.eu, harvested by their own YAML."""
    inbox = make_inbox("obeu-derived")
    inbox.add(*sorted((shared / "data" / "budget").glob("*.derived.csv")), into=".")
    assert inbox.run()["added"] == 4, inbox.errors()
    return inbox


def sums(path: Path, digits: int) -> dict[str, Decimal]:
    """Voted amounts by the first digits of the account, by nothing but the csv module."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["draft"]:
                found[row["kae4"][:digits]] += Decimal(row["draft"])
    return found


def test_real_years_are_compared_to_the_cent_and_tell_what_is_wrong_with_them(derived, shared):
    answer = compare(years="2015,2017", level=2)
    published = told(answer, "budgeted")
    for column, year in enumerate((2015, 2017)):
        by_hand = sums(shared / "data" / "budget" / f"expenditure-{year}.derived.csv", digits=2)
        assert by_hand == {
            code: amounts[column]
            for code, amounts in published.items()
            if amounts[column] != "lacks"
        }
    lines = compare(years="2015,2017", level="line", limit=32000)["codes"]
    assert sum(line["relabelled"] for line in lines) == 37
    assert sum(bool(line["recoded"]) for line in lines) >= 60

    rules = {
        dataset["fiscal_year"]: {row["rule"] for row in derived.rows(dataset, "findings")}
        for dataset in derived.datasets()
    }
    assert {"unbalanced", "phase-copied"} <= rules["2011"]
    assert "year-copied" in rules["2012"]
    assert "unbalanced" not in rules["2015"]
    assert "row-orphan" in rules["2017"]
