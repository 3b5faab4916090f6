"""Pages of a table: filtered, sorted, one after another, summed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from store_samples import CODE, EVERY_TYPE, LABEL, PAID, SAMPLES, field, schema_of

from ckanext.municipal import store
from ckanext.municipal.store import Type, read
from ckanext.municipal.store.errors import BadFilter, BadPosition, NoTable, UnknownField
from ckanext.municipal.store.read import Between, Position, StartsWith

pytestmark = pytest.mark.usefixtures("with_plugins")

ROWS = [
    ("00.0001", "Ώρα", Decimal("3.00")),
    ("00.0002", "ωδείο", None),
    ("00.0003", None, Decimal("-1.50")),
    ("10.0001", "Αγορά", Decimal("3.00")),
    ("10.0002", "άλσος", None),
    ("10.0003", "", Decimal("7.25")),
]


@pytest.fixture
def table(table_id):
    with store.transaction(lock="test") as tx:
        tx.replace(table_id, SAMPLES, ROWS)
    return table_id


def found(table, **asked):
    return [row[0] for row in read.rows(table, SAMPLES, **asked)]


FILTERS = {
    "one value": ({"code": "00.0001"}, ["00.0001"]),
    "a list": ({"code": ["10.0003", "00.0001", "x"]}, ["00.0001", "10.0003"]),
    "an empty list": ({"code": []}, []),
    "blank": ({"paid": None}, ["00.0002", "10.0002"]),
    "empty text, which is not blank": ({"label": ""}, ["10.0003"]),
    "from": ({"paid": Between(low=Decimal(3))}, ["00.0001", "10.0001", "10.0003"]),
    "from to": ({"paid": Between(Decimal("-1.5"), 3)}, ["00.0001", "00.0003", "10.0001"]),
    "open": ({"paid": Between()}, [row[0] for row in ROWS]),
    "beginning": ({"code": StartsWith("10.")}, ["10.0001", "10.0002", "10.0003"]),
    "a wildcard is a letter": ({"code": StartsWith("%")}, []),
    "two": ({"code": StartsWith("10."), "paid": None}, ["10.0002"]),
    "nothing like SQL": ({"code": "' OR 1=1 --"}, []),
    "a NUL": ({"code": "\0"}, []),
    "a lone surrogate": ({"code": "\ud800"}, []),
}


@pytest.mark.parametrize(("where", "codes"), FILTERS.values(), ids=FILTERS.keys())
def test_filters(table, where, codes):
    assert found(table, where=where) == codes
    assert read.count(table, SAMPLES, where=where) == len(codes)


def test_words_sort_by_the_greek_alphabet_and_blanks_come_last(table):
    up = found(table, sort=["label"])
    assert up == ["10.0003", "10.0001", "10.0002", "00.0002", "00.0001", "00.0003"]
    down = found(table, sort=["-label"])
    assert down == ["00.0001", "00.0002", "10.0002", "10.0001", "10.0003", "00.0003"]


def test_equal_values_are_ordered_by_key(table):
    assert found(table, sort=["-paid"])[:3] == ["10.0003", "00.0001", "10.0001"]


@pytest.mark.parametrize("sort", [[], ["paid"], ["-paid"], ["label", "-paid"], ["-code"]], ids=str)
@pytest.mark.parametrize("limit", [1, 2, 4, 6, 7])
def test_pages_hold_every_row_once_in_order(table, sort, limit):
    pages, after = [], None
    while True:
        page = read.page(table, SAMPLES, limit=limit, after=after, sort=sort)
        assert len(page.rows) <= limit
        pages += [row[0] for row in page.rows]
        if page.next is None:
            break
        after = Position.parse(page.next.token())
    assert pages == found(table, sort=sort)


def test_a_page_goes_on_where_the_last_ended_though_rows_came_before_it(table):
    first = read.page(table, SAMPLES, limit=2)
    with store.transaction(lock="test") as tx:
        tx.merge(table, SAMPLES, [("00.0000", "new", None)])
    second = read.page(table, SAMPLES, limit=2, after=first.next)
    assert [row[0] for row in second.rows] == ["00.0003", "10.0001"]


def test_a_damaged_position_is_refused(table):
    for token in ("x", "é", "bnVsbA", "WzFd", Position(("a", "b", "c")).token()):
        with pytest.raises(BadPosition, match="first page"):
            read.page(table, SAMPLES, limit=1, after=Position.parse(token))
    with pytest.raises(BadPosition):
        read.page(table, SAMPLES, limit=1, sort=["paid"], after=Position(("no number", "a")))


def test_what_is_not_there_is_named(table, table_id):
    with pytest.raises(UnknownField, match=r"no field price\. Its fields are: code, label, paid"):
        found(table, where={"price": 1})
    for asked in ({"sort": ["-_id"]}, {"fields": ["code; DROP TABLE x"]}):
        with pytest.raises(UnknownField):
            found(table, **asked)
    for where in ({"paid": "many"}, {"paid": 1.5}, {"code": 7}, {"paid": StartsWith("1")}):
        with pytest.raises(BadFilter, match="cannot be filtered by"):
            found(table, where=where)
    with pytest.raises(NoTable):
        found("00000000-0000-0000-0000-000000000000")


def test_a_value_outside_its_list_is_told_what_there_is(table_id):
    schema = schema_of(CODE, field("side", enum=("in", "out")))
    with store.transaction(lock="test") as tx:
        tx.replace(table_id, schema, [("a", "in")])
    with pytest.raises(BadFilter, match="it holds one of in, out"):
        list(read.rows(table_id, schema, where={"side": "up"}))


def test_json_has_no_order(table_id):
    with store.transaction(lock="test") as tx:
        tx.replace(table_id, EVERY_TYPE, [])
    with pytest.raises(BadFilter):
        list(read.rows(table_id, EVERY_TYPE, sort=["extra"]))


def test_every_type_can_be_filtered_and_sorted_by(table_id):
    moment = dt.datetime(2016, 4, 1, 22, 54, tzinfo=EVERY_TYPE.timezone)
    rows = [
        ("a", "x", 1, Decimal("1.00"), dt.date(2016, 4, 1), moment, True, [1]),
        ("b", "y", 2, Decimal("2.00"), dt.date(2016, 4, 2), moment + dt.timedelta(1), False, {}),
    ]
    with store.transaction(lock="test") as tx:
        tx.replace(table_id, EVERY_TYPE, rows)
    for name, value in zip(EVERY_TYPE.names[:-1], rows[1][:-1], strict=True):
        assert list(read.rows(table_id, EVERY_TYPE, where={name: value})) == [rows[1]]
        first = read.page(table_id, EVERY_TYPE, limit=1, sort=[name])
        rest = read.page(table_id, EVERY_TYPE, limit=1, sort=[name], after=first.next)
        assert {first.rows[0][0], rest.rows[0][0]} == {"a", "b"}
    assert next(read.rows(table_id, EVERY_TYPE, fields=["extra", "as_of"])) == ([1], moment)


def test_sums_are_exact_and_a_sum_of_blanks_is_blank(table_id):
    schema = schema_of(CODE, LABEL, PAID, field("rows", Type.INTEGER))
    rows = [
        ("a", "x", Decimal("0.10"), 1),
        ("b", "x", Decimal("0.20"), 2),
        ("c", "y", None, None),
        ("d", None, Decimal("5.00"), 0),
    ]
    with store.transaction(lock="test") as tx:
        tx.replace(table_id, schema, rows)
    assert read.sums(table_id, schema, ["paid", "rows"], by=["label"]) == [
        ("x", 2, Decimal("0.30"), 3),
        ("y", 1, None, None),
        (None, 1, Decimal("5.00"), 0),
    ]
    assert read.sums(table_id, schema, ["paid"]) == [(4, Decimal("5.30"))]
    assert read.sums(table_id, schema, [], where={"label": "none"}) == [(0,)]
    with pytest.raises(BadFilter):
        read.sums(table_id, schema, ["label"])


def test_a_reader_that_stops_early_gives_its_connection_back(table):
    from ckanext.datastore.backend.postgres import get_read_engine

    rows = read.rows(table, SAMPLES)
    next(rows)
    rows.close()
    assert get_read_engine().pool.checkedout() == 0
