"""Themes and departments stand in the order of the Greek alphabet, in the reader's language."""

from __future__ import annotations

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories

pytestmark = pytest.mark.usefixtures("fresh_site")

TITLES = {
    "water": ("Ύδρευση", "Water"),
    "air": ("Άνεμος", "Air"),
    "market": ("αγορά", "Market"),
    "theatre": ("Θέατρο", "Theatre"),
    "income": ("Έσοδα", "Income"),
}
BY_GREEK = ["market", "air", "income", "theatre", "water"]


@pytest.fixture
def groups(fresh_site):
    for name, (el, en) in TITLES.items():
        factories.Group(name=name, title_translated={"el": el, "en": en})


def listed(**wanted):
    return tk.get_action("group_list")({}, wanted)


def test_groups_are_listed_by_the_greek_alphabet(groups):
    assert listed() == BY_GREEK
    assert listed(sort="title desc") == BY_GREEK[::-1]
    assert [group["name"] for group in listed(all_fields=True)] == BY_GREEK


def test_pages_follow_the_same_order(groups):
    assert listed(limit=2, offset=1) == ["air", "income"]
    assert [g["name"] for g in listed(limit=2, offset=3, all_fields=True)] == ["theatre", "water"]
    assert listed(limit=2, offset=9) == []


def test_other_orders_are_ckan_s_own(groups):
    assert listed(sort="name asc") == sorted(TITLES)


def test_groups_are_searched_without_accents_in_both_languages(groups):
    assert listed(q="ΑΝΕΜΟΣ") == ["air"]
    assert listed(q="theatre") == ["theatre"]
    assert listed(q="νομίσματα") == []


@pytest.mark.parametrize("wrong", [{"limit": "x"}, {"limit": -1}, {"offset": "1.5"}])
def test_a_wrong_page_is_a_clear_error(groups, wrong):
    with pytest.raises(tk.ValidationError):
        listed(**wrong)


def test_departments_are_sorted_too():
    for title in ("Ύδρευση", "Άνεμος", "αγορά"):
        factories.Organization(title=title)
    shown = tk.get_action("organization_list")({}, {"all_fields": True})
    assert [o["title"] for o in shown] == ["αγορά", "Άνεμος", "Ύδρευση"]


def test_the_page_of_themes_follows_the_reader_s_language(app, groups):
    greek, english = app.get("/group/").body, app.get("/en/group/").body
    assert greek.index("αγορά") < greek.index("Άνεμος") < greek.index("Ύδρευση")
    assert english.index(">Air<") < english.index(">Income<") < english.index(">Market<")


def test_equally_frequent_filter_values_are_in_alphabetical_order(app):
    for keyword in ("ύδρευση", "άνεμος", "αγορά"):
        factories.Dataset(tags=[{"name": keyword}])
    page = app.get("/dataset/").body
    assert page.index("tags=%CE%B1%CE%B3") < page.index("tags=%CE%AC") < page.index("tags=%CF%8D")
