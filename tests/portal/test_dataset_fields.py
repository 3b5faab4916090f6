"""What a publisher or a program says of a dataset, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers

AUTHORITY = "http://publications.europa.eu/resource/authority/"
BOTH = {"el": "Προϋπολογισμός 2016", "en": "Budget 2016"}

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def call(action: str, **data: Any) -> dict[str, Any]:
    user = factories.Sysadmin()["name"]
    return helpers.call_action(action, context={"user": user}, **data)


def make(**fields: Any) -> dict[str, Any]:
    organization = factories.Organization()
    dataset = {
        "name": "test-dataset",
        "title_translated": BOTH,
        "notes_translated": {"el": "Τι περιέχει", "en": "What it holds"},
        "owner_org": organization["id"],
        **fields,
    }
    return call("package_create", **{k: v for k, v in dataset.items() if v is not ...})


def error_of(**fields: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as caught:
        make(**fields)
    return caught.value.error_dict


def test_title_in_two_languages_fills_the_title_of_ckan():
    dataset = make()
    assert dataset["title_translated"] == BOTH
    assert dataset["title"] == BOTH["el"]
    assert dataset["notes"] == "Τι περιέχει"


def test_program_that_knows_no_languages_gives_a_plain_title():
    dataset = make(title_translated=..., notes_translated=..., title="Plain", notes="Text")
    assert dataset["title_translated"] == {"el": "Plain"}


def test_plain_title_changed_later_is_not_lost():
    make()
    changed = call("package_patch", id="test-dataset", title="Νέος τίτλος")
    assert changed["title"] == "Νέος τίτλος"
    assert changed["title_translated"] == {"el": "Νέος τίτλος", "en": "Budget 2016"}


def test_title_is_required_beside_the_portals_own_language():
    assert set(error_of(title_translated={"el": " ", "en": ""})) == {"title_translated-el"}


def test_unknown_language_is_refused():
    error = error_of(title_translated={"fr": "Titre"})
    assert "use el, en" in error["title_translated"][0]


def test_form_gives_one_input_a_language():
    made = make(title_translated=..., **{"title_translated-el": "Α", "title_translated-en": "A"})
    assert made["title_translated"] == {"el": "Α", "en": "A"}


def test_keywords_of_all_languages_become_tags():
    dataset = make(tags_translated={"el": ["έσοδα", "δαπάνες"], "en": "revenue, spending"})
    assert {tag["name"] for tag in dataset["tags"]} == {"revenue", "spending", "δαπάνες", "έσοδα"}
    assert dataset["tags_translated"]["en"] == ["revenue", "spending"]
    assert sorted(dataset["tags_translated"]["el"]) == sorted(["έσοδα", "δαπάνες"])


def test_tags_removed_by_a_program_leave_the_keywords_too():
    make(tags_translated={"el": ["έσοδα", "δαπάνες"], "en": ["revenue"]})
    changed = call("package_patch", id="test-dataset", tags=[{"name": "έσοδα"}, {"name": "new"}])
    assert changed["tags_translated"] == {"el": ["έσοδα"]}
    assert {tag["name"] for tag in changed["tags"]} == {"new", "έσοδα"}


def test_keywords_removed_leave_the_tags_too():
    make(tags_translated={"el": ["έσοδα", "δαπάνες"], "en": ["revenue"]})
    changed = call("package_patch", id="test-dataset", tags_translated={"el": ["έσοδα"]})
    assert [tag["name"] for tag in changed["tags"]] == ["έσοδα"]


def test_plain_tags_stay_as_they_are():
    dataset = make(tags=[{"name": "one"}, {"name": "two"}])
    assert [tag["name"] for tag in dataset["tags"]] == ["one", "two"]
    assert "tags_translated" not in dataset


@pytest.mark.parametrize("said", ["ετήσια", "ΕΤΗΣΙΑ", "annual", "ANNUAL", "yearly"])
def test_frequency_by_any_name_is_stored_as_uri(said: str):
    assert make(frequency=said)["frequency"] == AUTHORITY + "frequency/ANNUAL"


@pytest.mark.parametrize(
    "said", ["cc-by", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", "CC_BY"]
)
def test_licence_by_any_name_is_stored_as_uri(said: str):
    dataset = make(license_id=said)
    assert dataset["license_id"] == AUTHORITY + "licence/CC_BY_4_0"
    assert dataset["license_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert dataset["isopen"] is True


def test_unknown_frequency_is_refused_with_examples():
    message = error_of(frequency="when we feel like it")["frequency"][0]
    assert "when we feel like it" in message
    assert "Continuous" in message


def test_lists_come_back_as_lists():
    dataset = make(theme=["ECON", "διακυβέρνηση"], language="el", documentation=["https://a.gr/x"])
    assert dataset["theme"] == [AUTHORITY + "data-theme/ECON", AUTHORITY + "data-theme/GOVE"]
    assert dataset["language"] == [AUTHORITY + "language/ELL"]
    assert dataset["documentation"] == ["https://a.gr/x"]


def test_district_named_becomes_a_geometry():
    (place,) = make(spatial_coverage=[{"text": "τριανδρια"}])["spatial_coverage"]
    assert place["text"] == "τριανδρια"
    assert '"Polygon"' in place["geom"]


def test_end_before_start_is_refused_beside_the_end():
    error = error_of(temporal_coverage=[{"start": "2016-05", "end": "2016-04"}])
    assert "before the start" in error["temporal_coverage"][0]["end"][0]


def test_distribution_tells_its_file_type_from_its_name():
    dataset = make(
        resources=[
            {"url": "https://a.gr/Δαπάνες.csv", "name_translated": {"el": "Δαπάνες", "en": "Costs"}}
        ]
    )
    (resource,) = dataset["resources"]
    assert resource["file_type"] == AUTHORITY + "file-type/CSV"
    assert resource["mimetype"] == "text/csv"
    assert resource["name"] == "Δαπάνες"
    assert resource["name_translated"]["en"] == "Costs"


def test_distribution_renamed_by_a_program_keeps_the_other_language():
    made = make(
        resources=[{"url": "https://a.gr/a.csv", "name_translated": {"el": "Α", "en": "A"}}]
    )
    changed = call("resource_patch", id=made["resources"][0]["id"], name="Β")
    assert changed["name_translated"] == {"el": "Β", "en": "A"}


def test_high_value_dataset_needs_category_and_licence():
    error = error_of(hvd="true")
    assert set(error) == {"hvd_category", "license_id"}


def test_high_value_category_brings_the_regulation():
    dataset = make(hvd_category=["Δαπάνες και έσοδα της κυβέρνησης"], license_id="CC0")
    assert dataset["hvd"] == "true"
    assert dataset["hvd_category"] == ["http://data.europa.eu/bna/c_4ac557e7"]
    assert dataset["applicable_legislation"] == ["http://data.europa.eu/eli/reg_impl/2023/138/oj"]


def test_same_values_again_change_nothing():
    made = make(tags_translated={"el": ["έσοδα"]}, frequency="annual", theme=["ECON"])
    shown = call("package_show", id=made["id"])
    again = call("package_update", **shown)
    ignored = {"metadata_modified"}
    assert {k: v for k, v in again.items() if k not in ignored} == {
        k: v for k, v in shown.items() if k not in ignored
    }
