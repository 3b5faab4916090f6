"""What a program gets from the actions of the budget, without an account."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from budget_portal import fill


@pytest.fixture
def budget(make_inbox) -> dict[str, Any]:
    inbox = make_inbox("thessaloniki-budget")
    fill(inbox)
    run = inbox.run()
    assert run["added"] == 1, inbox.errors()
    return inbox.datasets()[0]


def ask(action: str, **query: Any) -> dict[str, Any]:
    return tk.get_action(f"municipal_budget_{action}")({"user": ""}, query)


def test_years_sides_lines_tree_and_course_add_up(budget, app):
    years = ask("years")["years"]
    assert [each["year"] for each in years] == [2016]
    assert years[0]["dataset_id"] == budget["id"]
    spent = years[0]["sides"]["expenditure"]
    assert spent["snapshots"] == ["2016-04-01T22:54:00", "2016-04-02T22:54:00"]
    assert spent["totals"]["paid"] == Decimal("450000.00")
    assert spent["lines"] == 3

    # The newest figures, and those of the day before with the line that is gone since.
    lines = ask("lines", year="2016", side="expenditure")
    assert (lines["total"], lines["totals"]["expenditure"]["budgeted"]) == (
        3,
        Decimal("2551000.10"),
    )
    before = ask("lines", year=2016, side="expenditure", as_of="2016-04-01")
    assert before["as_of"] == {"expenditure": "2016-04-01T22:54:00"}
    assert before["total"] == 4
    assert before["totals"]["expenditure"]["budgeted"] == Decimal("3091104.85")
    assert before["totals"]["expenditure"]["paid"] == Decimal("0.00")
    gone = next(line for line in before["lines"] if line["code"] == "9111")
    assert gone["amounts"]["budgeted"] == Decimal("540104.75")

    # A blank is not zero, and services are found without their accents.
    blank = ask("lines", year=2016, q="υδρευσης")["lines"][0]
    assert blank["amounts"]["paid"] is None
    assert [line["service_name"]["el"] for line in ask("lines", year=2016, q="ΠΡΑΣΙΝΟΥ")["lines"]]
    assert ask("lines", year=2016, q="κάτι που λείπει")["lines"] == []
    largest = ask("lines", year=2016, side="expenditure", sort="-revised", limit=2)
    assert [line["service_code"] for line in largest["lines"]] == ["35", "45"]
    assert largest["next_offset"] == 2
    rest = ask("lines", year=2016, side="expenditure", sort="-revised", limit=2, offset=2)
    assert (len(rest["lines"]), rest["next_offset"]) == (1, None)

    tree = ask("tree", year=2016, path="6,60", depth=9)
    assert [node["code"] for node in tree["ancestors"]] == ["expenditure", "6"]
    assert tree["node"]["amounts"]["revised"] == Decimal("2550000.00")
    assert tree["node"]["name"]["en"]
    assert tree["node"]["execution"] == Decimal("0.176471")
    account = tree["node"]["children"][0]["children"][0]
    assert [line["line"]["code_raw"] for line in account["children"]] == ["6011.01.01"] * 2
    assert sum(line["amounts"]["paid"] for line in account["children"]) == Decimal(450000)
    assert tree["node"]["per_inhabitant"]["revised"] == (
        Decimal(2550000) / tree["inhabitants"]
    ).quantize(Decimal("0.01"))
    services = ask("tree", year=2016, by="service")["node"]["children"]
    assert {node["code"] for node in services} == {"00", "35", "45"}

    whole = ask("execution", year=2016)["series"]
    assert [point["amounts"]["paid"] for point in whole] == [Decimal(0), Decimal(450000)]
    part = ask("execution", year=2016, code="60")["series"]
    assert [point["lines"] for point in part] == [2, 2]
    assert part[1]["amounts"]["paid"] == Decimal(450000)
    reserve = ask("execution", year=2016, line="9111.01.01")["series"]
    assert [point["lines"] for point in reserve] == [1, 0]
    assert reserve[1]["amounts"]["budgeted"] is None

    # Over HTTP, by GET: amounts are numbers with two decimals.
    answer = app.get("/api/3/action/municipal_budget_lines?year=2016&side=revenue&code=01")
    assert '"collected": 1500000.00' in answer.get_data(as_text=True)
    (line,) = json.loads(answer.get_data(as_text=True))["result"]["lines"]
    assert (line["service_code"], line["service_name"], line["code"]) == ("", None, "0111")


@pytest.mark.parametrize(
    ("action", "query", "field"),
    [
        ("lines", {}, "year"),
        ("lines", {"year": "16"}, "year"),
        ("lines", {"year": "2016", "side": "both"}, "side"),
        ("lines", {"year": "2016", "sort": "price"}, "sort"),
        ("lines", {"year": "2016", "limit": "-1"}, "limit"),
        ("lines", {"year": "2016", "serivce": "35"}, "serivce"),
        ("tree", {"year": "2016", "as_of": "yesterday"}, "as_of"),
        ("tree", {"year": "2016", "depth": "10"}, "depth"),
        ("tree", {"year": "2016", "by": "colour"}, "by"),
        ("execution", {"year": "2016", "side": "<b>"}, "side"),
        ("compare", {"years": "2016"}, "years"),
        ("compare", {"years": "2015,2016", "level": "6"}, "level"),
    ],
)
@pytest.mark.usefixtures("with_plugins")
def test_a_wrong_parameter_is_named_with_what_to_write(action, query, field):
    with pytest.raises(tk.ValidationError) as refused:
        ask(action, **query)
    assert set(refused.value.error_dict) == {field}


def test_what_is_not_there_is_said(budget):
    for action, query in (
        ("lines", {"year": 2015}),
        ("tree", {"year": 2016, "path": "9,99"}),
        ("tree", {"year": 2016, "as_of": "2016-03-31"}),
        ("tree", {"year": 2016, "municipality": "9999"}),
        ("tree", {"year": 2016, "municipality": "* OR *"}),
        ("execution", {"year": 2016, "line": "0000.00"}),
        ("compare", {}),
    ):
        with pytest.raises(tk.ObjectNotFound) as missing:
            ask(action, **query)
        assert missing.value.message, (action, query)
