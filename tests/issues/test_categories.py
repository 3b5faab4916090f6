"""Categories keep their codes, whatever the source calls them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from canonical_city import AT, canonical, found, made, request, row

from ckanext.municipal.issues.canonical import Canonical
from ckanext.municipal.issues.tables import Row


def filed(*path: str, category: str | None = None, **said: Any):
    return request(category=category or (path[-1] if path else None), category_path=path, **said)


def table(rows: Canonical, *requests, stored: list[Row] | None = None) -> dict[str, Row]:
    told = [made(rows, each)[0] for each in requests]
    return {each["code"]: each for each in rows.categories(told, stored or [])}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (("Καθαριότητα",), "cleaning"),
        (("ΚΑΘΑΡΙΌΤΗΤΑ ",), "cleaning"),
        (("Καθαριότητα", "Κάδοι"), "cleaning-bins"),
        (("Πράσινο", "Κάδοι"), "green-bins"),
        (("Τεχνική υπηρεσία", "Κάδοι"), "cleaning-bins"),
        (("Κάδοι",), "cleaning-bins"),
        (("Τμήμα πρασίνου",), "green"),
        (("Τμήμα πρασίνου", "Δέντρα"), "green-dentra"),
        (("Δρόμοι", "Λακκούβες"), "dromoi-lakkouves"),
        (("006",), "006"),
        ((), "uncategorised"),
    ],
)
def test_a_category_is_found_by_name_or_path(path, code):
    assert row(filed(*path))["category_code"] == code


def test_a_source_that_uses_our_codes_is_understood():
    assert row(filed("Bins", category="cleaning-bins"))["category_code"] == "cleaning-bins"
    assert row(filed("green"))["category_path"] == "green"


def test_an_unknown_category_is_told_once_with_how_many():
    requests = [filed("Δρόμοι", "Λακκούβες", id=str(n)) for n in range(7)]
    (values,) = found(canonical(), *requests, filed("Κάδοι"))["issues-category-unknown"]
    assert (values["value"], values["count"]) == ("Δρόμοι > Λακκούβες", 7)


def test_the_table_has_all_of_the_yaml_and_those_above_each_that_has_requests():
    told = table(canonical(), filed("Δρόμοι", "Λακκούβες", "Μεγάλες"))
    assert set(told) == {
        *("cleaning", "cleaning-bins", "green", "green-bins", "homeless", "homeless-night"),
        *("dromoi", "dromoi-lakkouves", "dromoi-lakkouves-megales"),
    }
    assert told["dromoi-lakkouves"]["parent"] == "dromoi"
    assert told["dromoi-lakkouves-megales"]["name_el"] == "Μεγάλες"
    assert told["dromoi-lakkouves-megales"]["requests"] == 1
    assert told["dromoi"]["requests"] == 0
    assert [code for code, each in told.items() if each["sensitive"]] == [
        "homeless",
        "homeless-night",
    ]


def test_requests_are_counted_and_dated_where_they_are_filed():
    several = [filed("Κάδοι", id=str(n), requested=AT + timedelta(days=n)) for n in range(4)]
    told = table(canonical(), *several, filed("Κάδοι", id="9", requested=None))["cleaning-bins"]
    assert (told["requests"], told["first_requested"]) == (5, AT)
    assert told["last_requested"] == AT + timedelta(days=3)


def test_all_names_that_the_source_ever_used_are_kept():
    stored = list(table(canonical(), filed("Κάδοι")).values())
    told = table(canonical(stored), filed("ΚΑΔΟΙ"), stored=stored)
    assert told["cleaning-bins"]["source_names"] == "ΚΑΔΟΙ | Κάδοι"


def test_a_code_that_the_table_knows_stays():
    stored = list(table(canonical(), filed("Δρόμοι", "Λακκούβες")).values())
    for each in stored:
        if each["code"] == "dromoi-lakkouves":
            each |= {"code": "potholes", "source_names": "Δρόμοι > Λακκούβες | Roads > Potholes"}
    assert made(canonical(stored), filed("Roads", "Potholes"))[0]["category_code"] == "potholes"
    told = table(canonical(stored), filed("Δρόμοι", "Λακκούβες"), stored=stored)
    assert told["potholes"]["parent"] == "dromoi"
    assert "dromoi-lakkouves" not in told


def test_what_stands_below_a_sensitive_category_is_sensitive_also_if_the_yaml_does_not_know_it():
    told = row(filed("Άστεγοι", "Σίτιση"))
    assert (told["category_code"], told["cell"]) == ("homeless-sitisi", "")


def test_a_name_of_another_category_below_a_sensitive_one_tells_no_place_either():
    told = row(filed("Άστεγοι", "Κάδοι"))
    assert (told["category_code"], told["cell"], told["district"]) == ("cleaning-bins", "", None)


def test_a_city_without_single_requests_counts_none_and_names_no_rare_category():
    rows = canonical(rows=False, k=5)
    several = [filed("Δρόμοι", str(n % 2), id=str(n)) for n in range(9)]
    told = table(rows, *several, filed("Σπάνια"))
    assert {"dromoi", "dromoi-category-0"} & set(told) == {"dromoi"}
    assert "spania" not in told
    assert all(each.get("requests") is None for each in told.values())
    assert not any(each["first_requested"] for each in told.values())


def test_long_names_have_codes_of_a_length_that_can_be_used():
    names = tuple(f"{'μεγάλη ονομασία ' * 6}{n}" for n in range(8))
    codes = {row(filed(*names[:depth]))["category_code"] for depth in range(1, 9)}
    assert len(codes) == 8
    assert all(len(code) <= 100 for code in codes)
