"""The controlled vocabularies: complete, in both languages, and the EU's own URIs."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.portal import vocabularies
from ckanext.municipal.portal.config import SCHEMAS

FOLDER = SCHEMAS / "vocabularies"
NAMES = sorted(path.stem for path in FOLDER.glob("*.csv"))
AUTHORITY = "http://publications.europa.eu/resource/authority/"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
SKOS = "{http://www.w3.org/2004/02/skos/core#}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# File of the Publications Office -> concepts of ours that are newer than it.
OFFICIAL = {
    "access-right": ("access-right-skos.rdf", set()),
    "data-theme": ("data-theme-skos-ap-act.rdf", set()),
    "file-type": ("filetypes-skos.rdf", {"PARQUET", "GPX"}),
    "frequency": (
        "frequencies-skos-ap-act.rdf",
        {"BIHOURLY", "DECENNIAL", "HOURLY", "QUADRENNIAL", "QUINQUENNIAL", "TRIHOURLY"},
    ),
    "hvd-category": ("high-value-dataset-category.rdf", set()),
    "licence": ("licences-skos.rdf", set()),
}


def vocabulary(name: str) -> vocabularies.Vocabulary:
    return vocabularies.load(name, FOLDER)


def official(path: Path) -> dict[str, dict[str, str]]:
    """Labels by language of every concept of a SKOS file."""
    found: dict[str, dict[str, str]] = {}
    for node in ElementTree.parse(path).getroot().iter():
        types = {kind.get(f"{RDF}resource") for kind in node.findall(f"{RDF}type")}
        uri = node.get(f"{RDF}about")
        if uri and (node.tag == f"{SKOS}Concept" or f"{SKOS[1:-1]}Concept" in types):
            labels = {n.get(LANGUAGE, ""): n.text or "" for n in node.findall(f"{SKOS}prefLabel")}
            found.setdefault(uri, {}).update(labels)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_concept_has_a_greek_and_an_english_label(name: str):
    for concept in vocabulary(name):
        assert concept.label("el"), concept.uri
        assert concept.label("en"), concept.uri


@pytest.mark.parametrize("name", NAMES)
def test_every_concept_is_found_by_its_uri_code_and_labels(name: str):
    known = vocabulary(name)
    for concept in known.offered():
        for said in (concept.uri, concept.code, concept.label("el"), concept.label("en")):
            assert known.find(said) == concept, said


@pytest.mark.parametrize("name", OFFICIAL)
def test_uris_are_those_of_the_publications_office(name: str, shared: Path):
    file, newer = OFFICIAL[name]
    known = official(shared / "shapes/vocab" / file)
    ours = {concept.uri for concept in vocabulary(name) if concept.code not in newer}
    assert ours <= set(known)


def test_high_value_categories_are_complete_with_the_official_labels(shared: Path):
    known = official(shared / "shapes/vocab/high-value-dataset-category.rdf")
    ours = {concept.uri: concept for concept in vocabulary("hvd-category")}
    assert len(ours) == 96
    assert set(ours) == set(known)
    for uri, concept in ours.items():
        for language in ("el", "en"):
            assert concept.label(language) == " ".join(known[uri][language].split())


def test_themes_are_the_thirteen_of_the_eu():
    assert len(vocabulary("data-theme")) == 13


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ετήσια", "ANNUAL"),
        ("ΕΤΗΣΙΟΣ", "ANNUAL"),
        ("annual", "ANNUAL"),
        (AUTHORITY.replace("http:", "https:") + "frequency/ANNUAL", "ANNUAL"),
        ("καθημερινά", "DAILY"),
        ("  every   month", None),
        ("", None),
    ],
)
def test_frequency_said_in_many_ways(said: str, code: str | None):
    found = vocabulary("frequency").find(said)
    assert (found.code if found else None) == code


def test_old_licence_code_becomes_the_new_one():
    found = vocabulary("licence").find(AUTHORITY + "licence/CC_BY")
    assert found is not None
    assert found.code == "CC_BY_4_0"
    assert "CC_BY" not in {concept.code for concept in vocabulary("licence").offered()}


@pytest.mark.parametrize(
    ("ckan", "code"),
    [
        ("cc-by", "CC_BY_4_0"),
        ("cc-by-sa", "CC_BYSA_4_0"),
        ("cc-zero", "CC0"),
        ("odc-odbl", "ODC_BL"),
        ("odc-pddl", "ODC_PDDL"),
        ("odc-by", "ODC_BY"),
        ("gfdl", "GNU_FDL"),
    ],
)
def test_licence_ids_of_ckan_are_understood(ckan: str, code: str):
    found = vocabulary("licence").find(ckan)
    assert found is not None
    assert found.code == code


def test_licence_register_of_ckan_is_the_vocabulary():
    register = json.loads((SCHEMAS / "licences.json").read_text(encoding="utf-8"))
    said = [
        (r["id"], r["title"], r["title_el"], r["url"], r["od_conformance"] == "approved")
        for r in register
    ]
    assert said == [
        (c.uri, c.label("en"), c.label("el"), c.facts["url"], c.facts["open"] == "yes")
        for c in vocabulary("licence")
    ]


@pytest.mark.parametrize(
    ("extension", "code"), [("csv", "CSV"), (".XLSX", "XLSX"), ("jpg", "JPEG"), ("", None)]
)
def test_file_type_by_extension(extension: str, code: str | None):
    found = vocabulary("file-type").by_extension(extension)
    assert (found.code if found else None) == code


def test_name_that_two_concepts_share_finds_neither():
    known = vocabularies.Vocabulary(
        "test",
        [
            vocabularies.Concept("http://a", "A", {"en": "Same", "el": "Α"}),
            vocabularies.Concept("http://b", "B", {"en": "same", "el": "Β"}),
        ],
    )
    assert known.find("SAME") is None
    assert known.find("A") is not None


@given(st.text())
def test_any_text_finds_a_concept_or_nothing(text: str):
    found = vocabulary("file-type").find(text)
    assert found is None or found.uri.startswith(AUTHORITY)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["uri", "code", "en"]], "missing column el"),
        ([["uri", "code", "en", "el"], ["http://a", "A", "", "Α"]], "line 2, en: empty"),
        ([["uri", "code", "en", "el"], ["a", "A", "A", "A"], ["a", "B", "B", "B"]], "line 3"),
    ],
)
def test_wrong_file_names_line_column_and_remedy(tmp_path: Path, rows: list, told: str):
    with (tmp_path / "mine.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(vocabularies.VocabularyError, match=told):
        vocabularies.load("mine", tmp_path)


def test_missing_file_names_the_option(tmp_path: Path):
    with pytest.raises(vocabularies.VocabularyError, match=r"ckanext\.municipal\.vocabularies"):
        vocabularies.load("none", tmp_path)


def test_changed_file_is_read_again(tmp_path: Path):
    import os

    path = tmp_path / "mine.csv"
    for moment, label in enumerate(("One", "Two"), start=1):
        path.write_text(f"uri,code,en,el\nhttp://a,A,{label},Α\n", encoding="utf-8")
        os.utime(path, (moment, moment))
        found = vocabularies.load("mine", tmp_path).get("http://a")
        assert found is not None
        assert found.label("en") == label
