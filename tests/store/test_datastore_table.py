"""What CKAN makes of a stored table: everything that it can do with one of its own."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers
from store_samples import EVERY_TYPE, SAMPLES

from ckanext.municipal import store

pytestmark = pytest.mark.usefixtures("plain_ckan", "clean_db", "clean_datastore", "with_plugins")


@pytest.fixture
def plain_ckan(ckan_config, monkeypatch):
    """CKAN with the DataStore and its table view, and nothing of ours."""
    monkeypatch.setitem(ckan_config, "ckan.plugins", "datastore datatables_view")
    monkeypatch.setitem(ckan_config, "ckan.datastore.default_fts_lang", "greek")


ROWS = [
    ("00001", "Υπηρεσίες πρασίνου", Decimal("1800000.00")),
    ("00.0001", "", None),
    ("6011.01.01", "ΔΑΠΑΝΕΣ καθαριότητας", Decimal("-12.50")),
]


@pytest.fixture
def resource(table_id):
    """A resource made the way a harvester does: the table first, then the dataset."""
    load(table_id)
    return publish(table_id)


def load(table_id, rows=ROWS):
    with store.transaction(lock="test") as tx:
        return tx.replace(table_id, SAMPLES, rows)


def publish(table_id, **dataset):
    resource = {"id": table_id, "url": "rows.csv", "format": "CSV", "datastore_active": True}
    made = factories.Dataset(resources=[resource], **dataset)
    assert made["resources"][0]["datastore_active"] is True
    return made["resources"][0]


def search(resource, **asked):
    return helpers.call_action("datastore_search", resource_id=resource["id"], **asked)


def codes(answer):
    return [record["code"] for record in answer["records"]]


def test_search_answers_typed_records_with_texts_in_both_languages(resource):
    answer = search(resource, sort="code desc")
    assert answer["total"] == 3
    assert codes(answer) == ["6011.01.01", "00001", "00.0001"]
    assert answer["records"][1]["paid"] == 1800000.0
    fields = {field["id"]: field for field in answer["fields"]}
    assert [fields[name]["type"] for name in ("code", "label", "paid")] == [
        "text",
        "text",
        "numeric",
    ]
    assert fields["paid"]["info"]["label_el"] == "Ένα πεδίο"
    assert fields["paid"]["info"]["notes_en"] == "A field"


@pytest.mark.parametrize("form", ["lists", "csv", "tsv"])
def test_search_answers_in_the_other_forms(resource, form):
    records = search(resource, records_format=form, sort="_id")["records"]
    first = (
        records[0]
        if form == "lists"
        else records.splitlines()[0].split("\t" if form == "tsv" else ",")
    )
    assert [str(each) for each in first][1] == "00001"
    assert "1800000" in str(first[3])


def test_filters_by_code_and_by_nothing_more_than_that(resource):
    assert codes(search(resource, filters={"code": "00001"})) == ["00001"]
    assert codes(search(resource, filters={"code": ["00001", "00.0001"]}, sort="code")) == [
        "00.0001",
        "00001",
    ]
    assert codes(search(resource, filters={"paid": "-12.5"})) == ["6011.01.01"]


@pytest.mark.parametrize(
    "words", ["00001", "πρασινου", "δαπανεσ", "ΔΑΠΑΝΕΣ", "ΠΡΑΣΙΝΟΥ", "6011.01.01"]
)
def test_words_are_found(resource, words):
    assert search(resource, q=words)["total"] == 1


def test_words_of_rows_that_came_later_are_found_too(resource):
    load(resource["id"], [*ROWS[:2], ("6011.01.01", "οδοποιία", None), ("z", "δένδρα", 1)])
    for words, found in {"οδοποιια": ["6011.01.01"], "δενδρα": ["z"], "δαπανεσ": []}.items():
        assert codes(search(resource, q=words)) == found


def test_the_rows_of_a_page_follow_the_order_of_the_file(resource):
    assert codes(search(resource, limit=2)) == ["00001", "00.0001"]
    assert codes(search(resource, limit=2, offset=2)) == ["6011.01.01"]


def test_info_tells_count_and_dictionary(resource):
    info = helpers.call_action("datastore_info", id=resource["id"])
    assert info["meta"]["count"] == 3
    assert [field["id"] for field in info["fields"]] == ["code", "label", "paid"]
    code, label = (each["schema"] for each in info["fields"][:2])
    assert (code["is_index"], code["notnull"]) == (True, True)
    assert (label["is_index"], label["notnull"]) == (False, False)
    assert info["fields"][0]["info"]["label"] in ("A field", "Ένα πεδίο")


def test_the_count_follows_the_rows(resource):
    load(resource["id"], [*ROWS, ("z", None, None)])
    assert search(resource, limit=0)["total"] == 4
    assert helpers.call_action("datastore_info", id=resource["id"])["meta"]["count"] == 4


def test_dump_gives_the_very_texts(app, resource):
    answer = app.get(f"/datastore/dump/{resource['id']}?bom=false")
    found = list(csv.reader(io.StringIO(answer.body)))
    assert found[0] == ["_id", "code", "label", "paid"]
    assert [row[1] for row in found[1:]] == [row[0] for row in ROWS]
    assert found[1][3] == "1800000.00"
    as_json = json.loads(app.get(f"/datastore/dump/{resource['id']}?format=json").body)
    assert len(as_json["records"]) == 3


def test_the_resource_page_shows_the_data_dictionary(app, resource):
    page = app.get(f"/dataset/{resource['package_id']}/resource/{resource['id']}")
    assert (
        page.body.count("Ένα πεδίο") >= 6
    )  # label and notes of three columns, in the portal's language


def test_the_form_of_the_data_dictionary_holds_the_texts(resource, browse):
    page = browse(factories.Sysadmin(password="correct123")).get(
        f"/dataset/{resource['package_id']}/dictionary/{resource['id']}"
    )
    assert page.get_data(as_text=True).count("Ένα πεδίο") == 6


def test_the_table_view_draws_and_searches(app, resource):
    view = helpers.call_action(
        "resource_view_create", resource_id=resource["id"], view_type="datatables_view", title="t"
    )
    drawn = app.post(
        f"/datatables/ajax/{view['id']}",
        data={
            "draw": "1",
            "start": "0",
            "length": "10",
            "search[value]": "6011",
            "columns[0][name]": "_id",
            "columns[1][name]": "code",
            "columns[2][name]": "label",
            "columns[3][name]": "paid",
            "order[0][column]": "1",
            "order[0][dir]": "asc",
        },
    )
    answer = json.loads(drawn.body)
    assert answer["recordsTotal"] == 3
    assert [row["code"] if isinstance(row, dict) else row[1] for row in answer["data"]] == [
        "6011.01.01"
    ]


def test_every_type_is_shown(table_id):
    row = (
        "a",
        "",
        7,
        Decimal("1.10"),
        dt.date(2016, 4, 1),
        dt.datetime(2016, 4, 1, 19, 54, tzinfo=dt.UTC),
        True,
        {"α": [1]},
    )
    with store.transaction(lock="test") as tx:
        tx.replace(table_id, EVERY_TYPE, [row])
    answer = search(publish(table_id))
    (record,) = answer["records"]
    assert (
        record["as_of"].removesuffix(".000") == "2016-04-01T22:54:00"
    )  # CKAN 2.12 adds the milliseconds
    assert record["day"] == "2016-04-01"
    assert (record["year"], record["present"], record["extra"]) == (7, True, {"α": [1]})


def test_editors_may_upsert_by_key_and_the_next_load_puts_it_right(resource):
    helpers.call_action(
        "datastore_upsert",
        resource_id=resource["id"],
        force=True,
        records=[
            {"code": "00001", "label": "πειραγμένο", "paid": 1},
            {"code": "new", "label": "δικό μας"},
        ],
    )
    assert codes(search(resource, filters={"label": "πειραγμένο"})) == ["00001"]
    assert search(resource)["total"] == 4
    assert load(resource["id"]) == store.Changes(updated=1, deleted=1)
    assert codes(search(resource, sort="_id")) == [row[0] for row in ROWS]


def test_a_saved_data_dictionary_does_not_stop_the_next_load(resource):
    fields = helpers.call_action("datastore_info", id=resource["id"])["fields"]
    edited = [
        {"id": each["id"], "type": each["type"], "info": {"label": "by hand"}} for each in fields
    ]
    helpers.call_action("datastore_create", resource_id=resource["id"], force=True, fields=edited)
    assert load(resource["id"], [*ROWS, ("z", "", None)]) == store.Changes(inserted=1)
    again = helpers.call_action("datastore_info", id=resource["id"])["fields"]
    assert again[0]["info"]["notes_en"] == "A field"


def test_private_rows_are_for_members_only(table_id):
    load(table_id)
    organization = factories.Organization()
    resource = publish(table_id, private=True, owner_org=organization["id"])
    for action in ("datastore_search", "datastore_info"):
        with pytest.raises(tk.NotAuthorized):
            helpers.call_action(
                action,
                {"ignore_auth": False, "user": ""},
                **(
                    {"resource_id": resource["id"]}
                    if action == "datastore_search"
                    else {"id": resource["id"]}
                ),
            )
    assert search(resource)["total"] == 3


def test_public_rows_are_for_everybody_to_read_and_nobody_to_change(app, resource):
    answer = app.get(f"/api/3/action/datastore_search?resource_id={resource['id']}")
    assert answer.json["result"]["total"] == 3
    denied = app.post("/api/3/action/datastore_delete", json={"resource_id": resource["id"]})
    assert denied.status_code == 403
    with pytest.raises(KeyError):
        tk.get_action("datastore_search_sql")


def test_deleting_rows_table_resource_and_dataset(resource, query):
    helpers.call_action(
        "datastore_delete", resource_id=resource["id"], force=True, filters={"code": "00001"}
    )
    assert search(resource)["total"] == 2
    helpers.call_action("resource_delete", id=resource["id"])
    helpers.call_action("dataset_purge", id=resource["package_id"])
    with pytest.raises(tk.ObjectNotFound):
        search(resource)
    assert load(resource["id"]).inserted in (1, 3)


def test_dropping_the_whole_table_lets_it_be_loaded_again(resource, query):
    helpers.call_action("datastore_delete", resource_id=resource["id"], force=True)
    assert query("SELECT to_regclass(%s)", f'"{resource["id"]}"') == [(None,)]
    assert load(resource["id"]) == store.Changes(inserted=3)
    assert search(resource)["total"] == 3


def test_changing_the_dataset_keeps_the_rows_active(resource):
    helpers.call_action("package_patch", id=resource["package_id"], notes="changed")
    shown = helpers.call_action("resource_show", id=resource["id"])
    assert shown["datastore_active"] is True
    assert search(resource)["total"] == 3


def test_the_reading_role_may_read_and_only_read(resource, with_plugins):
    from ckanext.datastore.backend.postgres import get_read_engine

    connection = get_read_engine().raw_connection()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{resource["id"]}"')
            assert cursor.fetchone() == (3,)
            with pytest.raises(Exception, match="permission denied"):
                cursor.execute(f'DELETE FROM "{resource["id"]}"')
    finally:
        connection.close()
