"""Table schemas: the shipped ones are whole, and a mistake in one is told by file and place."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import yaml

from ckanext.municipal.store import TableSchema, Type
from ckanext.municipal.store.errors import SchemaError
from ckanext.municipal.store.schema import FOLDER
from ckanext.municipal.store.table_schema import descriptor

UNITS = ("EUR", "d", "deg")  # euro of ISO 4217; days and degrees of UCUM
SHIPPED = sorted(path.stem for path in FOLDER.glob("[!_]*.yaml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_table_has_its_texts_in_greek_and_english(name):
    schema = TableSchema.load(name)
    for each in (schema, *schema.fields):
        for texts in (each.title, each.description):
            assert set(texts) == {"en", "el"}
            assert any("GREEK" in unicodedata.name(letter, "") for letter in texts["el"])
            assert texts["en"].isascii()
    for field in schema.fields:
        assert set(field.labels) == set(field.enum)
        if field.type is Type.NUMERIC:
            assert field.unit in UNITS


def test_the_budget_tables_have_the_thirteen_phases():
    phases = [field.name for field in TableSchema.load("budget_execution").fields][5:]
    assert len(phases) == 13
    assert set(phases) < set(TableSchema.load("budget_lines").names)
    snapshots = TableSchema.load("budget_snapshots")
    assert [name for name in snapshots.names if name.startswith("sum_")] == [
        f"sum_{phase}" for phase in phases
    ]
    assert snapshots["sum_paid"].title == {"en": "Total: Paid", "el": "Σύνολο: Πληρωθέντα"}


def test_the_descriptor_is_a_frictionless_table_schema():
    described = descriptor(TableSchema.load("budget_lines"), "el")
    by_name = {field["name"]: field for field in described["fields"]}
    assert described["primaryKey"] == ["side", "service_code", "code_raw"]
    assert by_name["paid"]["type"] == "number"
    assert by_name["paid"]["title"] == "Πληρωθέντα"
    assert by_name["paid"]["titles"] == {"en": "Paid", "el": "Πληρωθέντα"}
    assert by_name["side"]["constraints"] == {
        "required": True,
        "enum": ["expenditure", "revenue"],
    }
    assert by_name["side"]["categories"][0]["label"] == "Έξοδα"
    # An empty service code is a value; a CSV reader would call it missing.
    assert "constraints" not in by_name["service_code"]


GOOD = {
    "name": "sample",
    "title": {"en": "T", "el": "Τ"},
    "description": {"en": "D", "el": "Δ"},
    "primaryKey": ["code"],
    "fields": [
        {
            "name": "code",
            "type": "text",
            "title": {"en": "C", "el": "Κ"},
            "description": {"en": "D", "el": "Δ"},
            "constraints": {"required": True},
        }
    ],
}


def load(folder: Path, **changes) -> TableSchema:
    whole = {**GOOD, **changes}
    (folder / "sample.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), "utf-8")
    return TableSchema.load("sample", folder)


def with_field(**changes) -> list[dict]:
    extra = {**GOOD["fields"][0], "name": "extra", "constraints": {}, **changes}
    return [*GOOD["fields"], extra]


def test_a_good_schema_loads(tmp_path):
    schema = load(tmp_path, timezone="Europe/Athens")
    assert (schema.key, schema.names, schema["code"].search) == (("code",), ("code",), True)


MISTAKES = {
    "name": ({"name": "other"}, "name: it is 'other'. Write sample"),
    "unknown key": ({"primary_key": ["x"]}, "'primary_key' is not known"),
    "language": ({"title": {"en": "T"}}, "title: a language is missing"),
    "no key": ({"primaryKey": []}, "primaryKey: it is missing"),
    "key field": ({"primaryKey": ["x"]}, "primaryKey: there is no field x"),
    "nullable key": (
        {"primaryKey": ["extra"], "fields": with_field()},
        "Set constraints: required: true on extra",
    ),
    "zone": ({"timezone": "Mars/Olympus"}, "Write an IANA name"),
    "no fields": ({"fields": []}, "List the fields of the table"),
    "twice": ({"fields": with_field(name="code")}, "fields: code: it is there twice"),
    "field name": ({"fields": with_field(name="_id")}, "it is not a field name"),
    "type": ({"fields": with_field(type="float")}, "type 'float' is not known. Use: text"),
    "decimals": ({"fields": with_field(type="numeric")}, "must say its decimals"),
    "decimals of text": ({"fields": with_field(decimals=2)}, "decimals are for numeric"),
    "enum": (
        {"fields": with_field(constraints={"enum": [1, 2]})},
        "enum is for texts. Quote the values",
    ),
    "label": (
        {"fields": with_field(labels={"a": {"en": "A", "el": "Α"}})},
        "a label has no value",
    ),
    "pattern": (
        {"fields": with_field(constraints={"pattern": "("})},
        "Correct the regular expression",
    ),
    "constraint": (
        {"fields": with_field(constraints={"unique": True})},
        "'unique' is not known. It may have: enum, pattern, required",
    ),
    "include": ({"fields": [{"include": "none"}]}, "_none.yaml: file: there is no such schema"),
}


@pytest.mark.parametrize(("changes", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_names_file_place_and_remedy(tmp_path, changes, message):
    with pytest.raises(SchemaError) as caught:
        load(tmp_path, **changes)
    assert message in str(caught.value)
    assert str(caught.value).split(":")[0] in ("sample.yaml", "_none.yaml")


def test_what_is_no_yaml_names_the_line(tmp_path):
    (tmp_path / "sample.yaml").write_text("name: sample\ntitle: [", "utf-8")
    with pytest.raises(SchemaError, match=r"sample\.yaml: line \d+: it is not YAML"):
        TableSchema.load("sample", tmp_path)
    with pytest.raises(SchemaError, match=r"missing\.yaml: file: there is no such schema"):
        TableSchema.load("missing", tmp_path)
