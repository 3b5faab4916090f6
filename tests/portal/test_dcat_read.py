"""What ckanext-dcat reads from another portal's graph becomes what our forms hold."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.municipal.portal import config, dcat_read, vocabularies

AUTHORITY = "http://publications.europa.eu/resource/authority/"
BY = f"{AUTHORITY}licence/CC_BY_4_0"
ZERO = f"{AUTHORITY}licence/CC0"
CONTACT = {
    "field_name": "contact",
    "repeating_subfields": [{"field_name": "name"}, {"field_name": "email"}],
}


def form(parsed: dict[str, Any], *fields: Any, languages: Any = ("el", "en")) -> dict[str, Any]:
    def load(name: str) -> vocabularies.Vocabulary:
        return vocabularies.load(name, config.vocabularies_folder())

    dcat_read.as_form(parsed, load, fields, fields, languages)
    return parsed


@pytest.mark.parametrize(
    ("licences", "dataset", "left"),
    [
        ([BY, BY], BY, [None, None]),
        ([BY, ZERO], None, [BY, ZERO]),
        ([BY, None], None, [BY, None]),
        (["https://creativecommons.org/licenses/by/4.0/"], BY, [None]),
        (["https://example.org/own-licence"], None, ["https://example.org/own-licence"]),
        ([], None, []),
    ],
)
def test_a_licence_that_all_distributions_share_is_the_datasets(licences, dataset, left):
    resources = [{"license": each} if each else {} for each in licences]
    said = form({"resources": resources})
    assert said.get("license_id") == dataset
    assert [resource.get("license") for resource in resources] == left


def test_a_licence_of_the_dataset_itself_stays():
    said = form({"license_id": ZERO, "resources": [{"license": BY}]})
    assert (said["license_id"], said["resources"][0]["license"]) == (ZERO, BY)


def test_types_are_short_again():
    [csv] = form(
        {
            "resources": [
                {
                    "format": f"{AUTHORITY}file-type/CSV",
                    "mimetype": "http://www.iana.org/assignments/media-types/text/csv",
                }
            ]
        }
    )["resources"]
    assert csv == {
        "format": "CSV",
        "file_type": f"{AUTHORITY}file-type/CSV",
        "mimetype": "text/csv",
    }
    [other] = form({"resources": [{"format": "Ledger", "mimetype": "x/y"}]})["resources"]
    assert other == {"format": "Ledger", "mimetype": "x/y"}


def test_groups_hold_what_the_form_has_a_field_for():
    said = form({"contact": [{"name": "A", "email": "", "fax": "1"}]}, CONTACT)
    assert said["contact"] == [{"name": "A"}]


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        ({"el": "α", "en": "a", "fr": "b"}, {"el": "α", "en": "a"}),
        ({"el-GR": "α", "EN": "a"}, {"el": "α", "en": "a"}),
        ({"el-CY": "κ", "el": "α"}, {"el": "α"}),
        ({"fr": "b", "de": "c"}, {"el": "c"}),
        ({"el": "", "fr": "b"}, {"el": "b"}),
        ({}, {}),
    ],
)
def test_texts_are_in_the_languages_of_the_form(texts, kept):
    said = form({"title_translated": texts, "resources": [{"name_translated": dict(texts)}]})
    assert said["title_translated"] == said["resources"][0]["name_translated"] == kept


def test_keywords_are_by_language_and_those_of_none_apart():
    said = [
        ("νερό, αέρας", "el-GR"),
        ("water", "en"),
        ("open", None),
        ("water", "en"),
        (" ,", "en"),
    ]
    assert dcat_read.tags(said) == ({"el": ["αέρας", "νερό"], "en": ["water"]}, ["open"])


def test_what_a_list_does_not_have_is_set_apart():
    frequency = {"field_name": "frequency", "vocabulary": "frequency"}
    language = {"field_name": "language", "vocabulary": "language"}
    greek = f"{AUTHORITY}language/ELL"
    said = form(
        {"frequency": "https://example.org/rarely", "language": f'["{greek}", "tlh"]'},
        frequency,
        language,
    )
    assert said["extras"] == [
        {"key": "frequency_as_read", "value": "https://example.org/rarely"},
        {"key": "language_as_read", "value": "tlh"},
    ]
    assert (said["frequency"], said["language"]) == ("", [greek])
