"""The forms and pages of datasets, departments and themes, in Greek and English."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ckan.tests import factories, helpers

from tests.portal.reader import Form, Reader

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def publisher(app: Any) -> Reader:
    return Reader(app)


def department() -> dict[str, Any]:
    names = {"el": "Διεύθυνση Καθαριότητας", "en": "Cleaning Department"}
    return factories.Organization(title_translated=names)


def filled(**values: Any) -> dict[str, Any]:
    return {
        "title_translated-el": "Δαπάνες καθαριότητας",
        "title_translated-en": "Cleaning costs",
        "name": "cleaning-costs",
        "notes_translated-el": "Τι δαπανά ο δήμος.",
        "notes_translated-en": "What the city spends.",
        "tags_translated-el": "καθαριότητα, δαπάνες",
        "tags_translated-en": "cleaning",
        "owner_org": department()["id"],
        "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
        "contact-0-name": "Open data team",
        "contact-0-email": "opendata@example.org",
        "temporal_coverage-0-start": "2016",
        "temporal_coverage-0-end": "2016",
        "spatial_coverage-0-text": "Τριανδρία",
        "documentation": "https://example.org/a\nhttps://example.org/b",
        "_ckan_phase": "dataset_new_1",
        "save": "go-metadata",
        **values,
    }


def test_form_asks_for_both_languages_and_every_input_has_a_label(publisher: Reader):
    form = Form(publisher.get("/dataset/new"))
    assert {"title_translated-el", "title_translated-en"} <= form.names
    ours = {n: i for n, i in form.inputs.items() if n not in ("q", "") and "REPEATING" not in n}
    assert {name for name, id_ in ours.items() if id_ not in form.labelled} == set()


@pytest.mark.parametrize("language", ["el", "en"])
def test_filled_form_makes_the_dataset(publisher: Reader, language: str):
    publisher.submit(f"/{language}/dataset/new", **filled())
    dataset = helpers.call_action("package_show", id="cleaning-costs")
    assert dataset["title"] == "Δαπάνες καθαριότητας"
    assert dataset["title_translated"]["en"] == "Cleaning costs"
    assert {tag["name"] for tag in dataset["tags"]} == {"καθαριότητα", "δαπάνες", "cleaning"}
    assert dataset["contact"] == [{"name": "Open data team", "email": "opendata@example.org"}]
    assert dataset["documentation"] == ["https://example.org/a", "https://example.org/b"]
    assert dataset["spatial_coverage"][0]["geom"]


def test_wrong_values_are_told_beside_the_field_and_linked_from_the_top(publisher: Reader):
    wrong = {
        "title_translated-el": "",
        "title_translated-en": "",
        "contact-0-email": "nobody",
        "temporal_coverage-0-end": "2015",
        "documentation": "ftp:/nowhere",
    }
    page = publisher.submit("/en/dataset/new", **filled(**wrong))
    form = Form(page)
    for name in (
        "title_translated-el",
        "contact-0-email",
        "temporal_coverage-0-end",
        "documentation",
    ):
        assert f"{form.inputs[name]}-error" in form.described[name], name
        assert f"{form.inputs[name]}-error" in form.ids, name
        assert f"field-{name}" in form.links, name
    assert form.links <= form.ids | {"content"}, form.links - form.ids
    assert "nobody is not an e-mail address" in page
    assert 'value="Open data team"' in page


def test_page_follows_the_visitors_language(publisher: Reader):
    publisher.submit("/dataset/new", **filled())
    helpers.call_action(
        "package_patch", context={"user": publisher.user}, id="cleaning-costs", state="active"
    )
    greek, english = (
        publisher.get("/el/dataset/cleaning-costs"),
        publisher.get("/en/dataset/cleaning-costs"),
    )
    assert "Δαπάνες καθαριότητας" in greek
    assert "Cleaning costs" in english
    assert "What the city spends." in english
    assert "Ετήσια" in greek
    assert "Annual" in english
    assert "Triandria" in english
    assert "Cleaning Department" in english
    assert "publications.europa.eu" not in english.split("additional-info")[-1].split("</table>")[0]


def test_text_missing_in_the_visitors_language_is_shown_in_the_other(publisher: Reader):
    publisher.submit("/dataset/new", **filled(**{"title_translated-en": ""}))
    assert "Δαπάνες καθαριότητας" in publisher.get("/en/dataset/cleaning-costs")


def test_edit_form_shows_what_was_saved_and_saves_it_again(publisher: Reader):
    publisher.submit("/dataset/new", **filled())
    page = publisher.get("/dataset/edit/cleaning-costs")
    assert 'value="Cleaning costs"' in page
    assert "καθαριότητα" in page
    publisher.submit("/dataset/edit/cleaning-costs", **filled(**{"title_translated-en": "Costs"}))
    assert helpers.call_action("package_show", id="cleaning-costs")["title_translated"] == {
        "el": "Δαπάνες καθαριότητας",
        "en": "Costs",
    }


@pytest.mark.parametrize("language", ["el", "en"])
def test_distribution_form_in_two_languages(publisher: Reader, language: str):
    publisher.submit("/dataset/new", **filled())
    publisher.submit(
        f"/{language}/dataset/cleaning-costs/resource/new",
        **{
            "id": "",
            "url": "https://example.org/costs.csv",
            "name_translated-el": "Δαπάνες 2016",
            "name_translated-en": "Costs 2016",
            "description_translated-el": "Γραμμή προς γραμμή",
            "format": "CSV",
            "save": "go-metadata",
        },
    )
    (resource,) = helpers.call_action("package_show", id="cleaning-costs")["resources"]
    assert resource["name_translated"] == {"el": "Δαπάνες 2016", "en": "Costs 2016"}
    assert resource["description"] == "Γραμμή προς γραμμή"
    page = publisher.get(f"/{language}/dataset/cleaning-costs/resource/{resource['id']}")
    assert ("Costs 2016" if language == "en" else "Δαπάνες 2016") in page


def test_distribution_without_a_web_address_is_told_beside_the_field(publisher: Reader):
    publisher.submit("/dataset/new", **filled())
    page = publisher.submit(
        "/en/dataset/cleaning-costs/resource/new",
        id="",
        url="costs.csv",
        access_url="nowhere",
        save="go-metadata",
    )
    assert "nowhere is not a web address" in page
    assert "field-access_url-error" in Form(page).ids


@pytest.mark.parametrize("kind", ["organization", "group"])
def test_department_and_theme_have_names_in_two_languages(publisher: Reader, kind: str):
    publisher.submit(
        f"/{kind}/new",
        **{
            "title_translated-el": "Διεύθυνση Καθαριότητας",
            "title_translated-en": "Cleaning Department",
            "name": "cleaning",
            "description_translated-en": "Keeps the city clean.",
            "save": "",
        },
    )
    shown = helpers.call_action(f"{kind}_show", id="cleaning")
    assert shown["title"] == "Διεύθυνση Καθαριότητας"
    assert shown["title_translated"]["en"] == "Cleaning Department"
    assert 'value="Cleaning Department"' in publisher.get(f"/{kind}/edit/cleaning")
    publisher.get(f"/{kind}/cleaning")
    publisher.get(f"/{kind}/about/cleaning")


def test_department_with_wrong_numbers_is_told_beside_the_field(publisher: Reader):
    page = publisher.submit(
        "/en/organization/new",
        **{
            "title_translated-el": "Α",
            "name": "a-department",
            "diavgeia_uid": "abc",
            "vat": "99808284",
            "phone": "call me",
            "save": "",
        },
    )
    ids = Form(page).ids
    assert {"field-diavgeia_uid-error", "field-vat-error", "field-phone-error"} <= ids


def test_rarely_needed_fields_are_folded_until_one_is_wrong(publisher: Reader):
    assert "<details" in publisher.get("/en/dataset/new")
    assert not re.search(r"<details[^>]* open>", publisher.get("/en/dataset/new"))
    page = publisher.submit("/en/dataset/new", **filled(ada="what?"))
    assert re.search(r"<details[^>]* open>", page)


def test_budget_form_asks_which_budget_it_is(publisher: Reader):
    values = filled(fiscal_year="16", municipality_uid="6114", municipality_vat="998082846")
    page = publisher.submit("/en/budget/new", **values)
    ids = Form(page).ids
    assert {"field-fiscal_year-error", "field-municipality_vat-error"} <= ids
    values.update(fiscal_year="2016", municipality_vat="998082845", sides="revenue")
    publisher.submit("/en/budget/new", **values)
    budget = helpers.call_action("package_show", id="cleaning-costs")
    assert budget["type"] == "budget"
    assert budget["fiscal_year"] == "2016"
    assert budget["sides"] == ["revenue"]
