"""A table holds what it is told to, and only what differs is written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from store_samples import CODE, EVERY_TYPE, LABEL, PAID, SAMPLES, field, schema_of

from ckanext.municipal import store
from ckanext.municipal.store import Changes, Type
from ckanext.municipal.store.errors import (
    DuplicateKey,
    ForeignTable,
    MissingValue,
    SchemaChanged,
    WrongShape,
    WrongValue,
)

pytestmark = pytest.mark.usefixtures("with_plugins")

ROWS = [
    ("00001", "Οδοί", Decimal("1.50")),
    ("00.0001", "", None),
    ("6011.01.01", None, Decimal("-2.00")),
]


def replace(table_id, rows, schema=SAMPLES):
    with store.transaction(lock=table_id) as tx:
        return tx.replace(table_id, schema, rows)


def merge(table_id, rows, delete=(), schema=SAMPLES):
    with store.transaction(lock=table_id) as tx:
        return tx.merge(table_id, schema, rows, delete)


def read(table_id, schema=SAMPLES):
    with store.transaction(lock=table_id) as tx:
        return list(tx.rows(table_id, schema))


def test_codes_stay_text_and_an_empty_text_is_not_nothing(table_id):
    assert replace(table_id, ROWS) == Changes(inserted=3)
    assert read(table_id) == sorted(ROWS)


def test_every_type_comes_back_as_it_went(table_id):
    athens = ZoneInfo("Europe/Athens")
    row = (
        "a\\b\tc\nd\re'\"",
        "Ωραία ☂ 𝔘",
        2**63 - 1,
        Decimal("12345678901234567890123456789012345.67"),
        dt.date(2016, 4, 1),
        dt.datetime(2016, 4, 1, 22, 54, tzinfo=athens),
        False,
        {"β": [1, None, "\\N"], "α": "\t"},
    )
    blank = ("b", *[None] * 7)
    replace(table_id, [row, blank], EVERY_TYPE)
    assert read(table_id, EVERY_TYPE) == [row, blank]


def test_a_time_of_another_zone_is_shown_by_the_city_clock(table_id, query):
    moment = dt.datetime(2016, 4, 1, 19, 54, tzinfo=dt.UTC)
    schema = schema_of(CODE, field("as_of", Type.TIMESTAMP))
    replace(table_id, [("a", moment)], schema)
    assert query(f'SELECT as_of::text FROM "{table_id}"') == [("2016-04-01 22:54:00",)]
    assert read(table_id, schema) == [("a", moment)]
    assert replace(table_id, [("a", dt.datetime(2016, 4, 1, 22, 54))], schema) == Changes()  # noqa: DTZ001


def test_rows_may_be_mappings(table_id):
    replace(table_id, [{"code": "a", "paid": 3}])
    assert read(table_id) == [("a", None, Decimal("3.00"))]


def test_same_rows_twice_write_nothing(table_id, query):
    replace(table_id, ROWS)
    before = query(f'SELECT xmin, ctid, * FROM "{table_id}" ORDER BY _id')
    assert replace(table_id, reversed(ROWS)) == Changes()
    assert merge(table_id, ROWS[1:]) == Changes()
    assert query(f'SELECT xmin, ctid, * FROM "{table_id}" ORDER BY _id') == before
    query("SELECT pg_stat_force_next_flush()")
    statistics = query(
        "SELECT n_tup_upd, n_tup_del, n_dead_tup FROM pg_stat_user_tables WHERE relname = %s",
        table_id,
    )
    assert statistics == [(0, 0, 0)]


def test_an_amount_written_with_fewer_decimals_is_the_same_amount(table_id, query):
    replace(table_id, [("a", "", Decimal("1.5")), ("b", "", 2), ("c", "", Decimal("-0"))])
    assert (
        replace(table_id, [("a", "", Decimal("1.50")), ("b", "", Decimal("2E0")), ("c", "", 0)])
        == Changes()
    )
    found = query(f'SELECT paid::text FROM "{table_id}" ORDER BY code')
    assert found == [("1.50",), ("2.00",), ("0.00",)]


def test_only_rows_that_differ_are_touched_and_the_others_keep_their_id(table_id, query):
    replace(table_id, ROWS)
    ids = dict(query(f'SELECT code, _id FROM "{table_id}"'))
    versions = dict(query(f'SELECT code, xmin::text FROM "{table_id}"'))
    changed = [ROWS[0], ("00.0001", None, None), ("new", "x", None)]
    assert replace(table_id, changed) == Changes(inserted=1, updated=1, deleted=1)
    assert read(table_id) == sorted(changed, key=lambda row: row[0])
    after = dict(query(f'SELECT code, _id FROM "{table_id}"'))
    assert after["00001"] == ids["00001"]
    assert after["00.0001"] == ids["00.0001"]
    untouched = dict(query(f'SELECT code, xmin::text FROM "{table_id}"'))
    assert untouched["00001"] == versions["00001"]
    assert untouched["00.0001"] != versions["00.0001"]


def test_merge_leaves_other_rows_alone(table_id):
    assert merge(table_id, ROWS) == Changes(inserted=3)
    changes = merge(
        table_id, [("00001", "Οδοί", 9), ("z", "", None)], delete=[("00.0001",), ("no",)]
    )
    assert changes == Changes(inserted=1, updated=1, deleted=1)
    assert [row[0] for row in read(table_id)] == ["00001", "6011.01.01", "z"]


def test_a_key_both_given_and_deleted_stays(table_id, query):
    replace(table_id, ROWS)
    ids = query(f'SELECT _id FROM "{table_id}" WHERE code = %s', "00001")
    assert merge(table_id, [ROWS[0]], delete=[{"code": "00001"}]) == Changes()
    assert query(f'SELECT _id FROM "{table_id}" WHERE code = %s', "00001") == ids


def test_no_rows_empty_the_table_and_a_table_may_begin_empty(table_id):
    assert replace(table_id, []) == Changes()
    assert read(table_id) == []
    replace(table_id, ROWS)
    assert replace(table_id, []) == Changes(deleted=3)
    assert replace(table_id, ROWS) == Changes(inserted=3)


def test_several_tables_change_together_or_not_at_all(table_id):
    replace(table_id, ROWS)
    other = f"{table_id[:-1]}x"

    def load_three_and_fail():
        with store.transaction(lock="both") as tx:
            tx.replace(table_id, SAMPLES, ROWS[:1])
            tx.replace(other, SAMPLES, ROWS)
            tx.merge(table_id, SAMPLES, [ROWS[0], ROWS[0]])

    with pytest.raises(DuplicateKey):
        load_three_and_fail()
    with store.transaction(lock="both") as tx:
        assert not tx.exists(other)
        assert len(list(tx.rows(table_id, SAMPLES))) == 3


def test_one_transaction_can_load_many_tables(table_id):
    ids = [f"{table_id[:-1]}{letter}" for letter in "abc"]
    for _again in range(2):
        with store.transaction(lock="many") as tx:
            for each in ids:
                tx.replace(each, SAMPLES, ROWS)
                tx.merge(each, SAMPLES, [("k", each, None)])
    assert [len(read(each)) for each in ids] == [4, 4, 4]


@pytest.mark.parametrize("filled", [False, True], ids=["new table", "table with rows"])
def test_a_bad_row_is_named_and_nothing_changes(table_id, filled):
    kept = [("kept", "", None)] if filled else []
    replace(table_id, kept)
    faults = [
        ([*ROWS, (None, "x", None)], MissingValue, 4),
        ([*ROWS, ("00001", "again", None)], DuplicateKey, 4),
        ([ROWS[0], ("b", "x", 1.5)], WrongValue, 2),
        ([ROWS[0], ("b", "x", Decimal("1.005"))], WrongValue, 2),
        ([ROWS[0], ("b", "x", Decimal("NaN"))], WrongValue, 2),
        ([ROWS[0], ("b", "nul \0", None)], WrongValue, 2),
        ([ROWS[0], ("b", "lone \ud800", None)], WrongValue, 2),
        ([ROWS[0], ("b", 7, None)], WrongValue, 2),
        ([ROWS[0], ("b",)], WrongShape, 2),
        ([ROWS[0], {"code": "b", "unknown": 1}], WrongShape, 2),
    ]
    for rows, error, row in faults:
        for load in (replace, merge):
            with pytest.raises(error) as caught:
                load(table_id, rows)
            assert caught.value.row == row
    assert read(table_id) == kept


def test_the_error_says_row_key_field_and_remedy_in_both_languages(table_id):
    with pytest.raises(DuplicateKey) as caught:
        replace(table_id, [*ROWS, ("00.0001", "again", None)])
    message = str(caught.value)
    assert "row 4 (code=00.0001): row 2 has the same key" in message
    assert "remove one of the two" in message
    assert caught.value.message("el")
    with pytest.raises(WrongValue, match=r"field paid cannot hold 1\.5; it holds a Decimal"):
        replace(table_id, [("a", "", 1.5)])


def test_a_source_that_fails_midway_changes_nothing_and_keeps_its_own_error(table_id):
    replace(table_id, ROWS)

    def failing():
        yield from (("n" + str(n), "", None) for n in range(10_000))
        raise LookupError("the file ended early")

    for load in (replace, merge):
        with pytest.raises(LookupError, match="ended early"):
            load(table_id, failing())
    assert len(read(table_id)) == 3


def test_a_new_field_is_added_in_place(table_id, query):
    replace(table_id, ROWS)
    ids = query(f'SELECT code, _id FROM "{table_id}" ORDER BY _id')
    wider = schema_of(CODE, LABEL, field("note", search=True), PAID)
    assert read(table_id, wider)[0] == ("00.0001", "", None, None)
    assert merge(table_id, [("00001", "Οδοί", "νέο", Decimal("1.50"))], schema=wider) == Changes(
        updated=1
    )
    assert query(f'SELECT code, _id FROM "{table_id}" ORDER BY _id') == ids
    assert {code: note for code, _label, note, _paid in read(table_id, wider)}["00001"] == "νέο"


def test_another_type_rebuilds_the_table_when_all_rows_are_given(table_id, query):
    replace(table_id, ROWS)
    query(f'CREATE VIEW "alias of {table_id}" AS SELECT * FROM "{table_id}"')
    other = schema_of(CODE, LABEL, field("paid", Type.TEXT))
    rows = [("00001", "Οδοί", "1,50")]
    with pytest.raises(SchemaChanged, match=r"paid is numeric\(38,2\), not text"):
        merge(table_id, rows, schema=other)
    assert replace(table_id, rows, other) == Changes(inserted=1, deleted=3)
    assert read(table_id, other) == rows
    assert query(f'SELECT code, paid FROM "alias of {table_id}"') == [("00001", "1,50")]


def test_an_alias_is_not_loaded_into(table_id, query):
    replace(table_id, ROWS)
    query(f'CREATE VIEW "alias-{table_id}" AS SELECT * FROM "{table_id}"')
    with pytest.raises(ForeignTable, match="not an alias"):
        replace(f"alias-{table_id}"[:63], ROWS)


def test_a_dropped_field_or_another_key_rebuilds_too(table_id):
    replace(table_id, ROWS)
    narrower = schema_of(CODE, LABEL)
    with pytest.raises(SchemaChanged, match="paid is not in the schema"):
        merge(table_id, [], schema=narrower)
    assert replace(table_id, [("a", "x"), ("b", "x")], narrower) == Changes(inserted=2, deleted=3)
    by_both = schema_of(CODE, field("label", required=True), key=("code", "label"))
    assert replace(table_id, [("a", "x"), ("a", "y")], by_both).inserted == 2


def test_a_required_new_field_cannot_be_merged_into_rows_without_it(table_id):
    replace(table_id, ROWS)
    wider = schema_of(CODE, LABEL, PAID, field("side", required=True))
    with pytest.raises(SchemaChanged, match="side is required and new"):
        merge(table_id, [("a", "", None, "x")], schema=wider)
    assert replace(table_id, [("a", "", None, "x")], wider)


def test_a_name_that_is_no_table_id_is_refused():
    for name in ("", "_hidden", 'x"; DROP TABLE x; --', "a" * 64, "τ"):
        with pytest.raises(ValueError, match="not a table id"):
            replace(name, ROWS)


def test_drop_removes_table_and_aliases(table_id, query):
    replace(table_id, ROWS)
    query(f'CREATE VIEW "alias-{table_id}" AS SELECT * FROM "{table_id}"')
    with store.transaction(lock="x") as tx:
        assert tx.drop(table_id)
        assert not tx.drop(table_id)
    assert (
        query("SELECT 1 FROM pg_class WHERE relname IN (%s, %s)", table_id, f"alias-{table_id}")
        == []
    )
