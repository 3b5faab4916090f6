"""Three other municipalities in one portal, each by nothing but the YAML that ships for it."""

from __future__ import annotations

from decimal import Decimal

import ckan.plugins.toolkit as tk
from budget_exports import workbook

from tests.budget.test_other_cities import ATHENS_HEADER, ATHENS_ROWS, KALAMARIA

REGION = (
    "logar;perigrafi;proteinomenos;eggekrimenos;anamorfoseis;diamorfomenos;desmefthenta;"
    "entalthenta;proplirothenta;plirothenta",
    "02.00.073.0832.01;ΕΠΙΔΟΣΗ;10,00;10,00;0,00;10,00;5,00;4,00;0,00;3,00",
    "06.00.073.0112.01;ΕΠΙΧΟΡΗΓΗΣΗ;10,00;10,00;0,00;10,00;;;;",
)
SUBURB = [KALAMARIA, ["10-6011.0001", "ΑΠΟΔΟΧΕΣ", 100, 90, 10.5, 100.5, 50.25, 50.25]]
CITIES = {
    "athens-budget": (
        "athens-municipality-budget-greece_2024.csv",
        "\n".join((ATHENS_HEADER, *ATHENS_ROWS)).encode(),
    ),
    "kalamaria-budget": ("exoda-2024-06-30.xlsx", workbook({"Έξοδα": SUBURB})),
    "region-central-macedonia-budget": (
        "budget-2020-05-31.csv",
        "\n".join(REGION).encode("cp1253"),
    ),
}
ATHENS, SUBURBS, PREFECTURES = "6013", "6129", "5009"


def test_athens_kalamaria_and_the_region_are_published_side_by_side(make_inbox, app):
    inboxes = [make_inbox(name) for name in CITIES]
    for inbox, (file, data) in zip(inboxes, CITIES.values(), strict=True):
        inbox.write(file, data)
    assert [inbox.run()["added"] for inbox in inboxes] == [2, 1, 1], inboxes[0].errors()
    told = {city: _years(city) for city in (ATHENS, SUBURBS, PREFECTURES)}
    assert told == {
        ATHENS: {
            2008: {"expenditure": Decimal("70.00"), "revenue": Decimal("50.00")},
            2009: {"expenditure": None, "revenue": Decimal("150.25")},
        },
        SUBURBS: {2024: {"expenditure": Decimal("50.25")}},
        PREFECTURES: {2020: {"expenditure": Decimal("3.00"), "revenue": None}},
    }
    # Each is a city of its own: the pages, the files and a second run tell them apart.
    page = app.get("/en/budget?municipality=6129&year=2024").get_data(as_text=True)
    assert "Municipality of Kalamaria" in page
    assert "€50.25" in page
    assert [sum(inbox.run()[kind] for kind in ("added", "updated")) for inbox in inboxes] == [0] * 3


def _years(city: str) -> dict[int, dict[str, Decimal | None]]:
    """What was paid and collected in each published year of a municipality."""
    answer = tk.get_action("municipal_budget_years")({"user": ""}, {"municipality": city})
    done = {"expenditure": "paid", "revenue": "collected"}
    return {
        year["year"]: {side: of["totals"][done[side]] for side, of in year["sides"].items()}
        for year in answer["years"]
    }
