"""Whatever bytes a file holds, it gets a verdict; whatever table is written, its rows are counted and typed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.municipal.quality.files.checking import check
from ckanext.municipal.quality.files.told import as_json, lines

# A verdict opens a database of its own, which takes 30 ms: a tenth of the examples of a parser.
_EXAMPLES = max(settings.get_profile("municipal").max_examples // 10, 100)
_CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\x00"), min_size=1, max_size=12
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


@settings(max_examples=_EXAMPLES)
@given(
    data=st.binary(max_size=400),
    name=st.sampled_from(["a.csv", "a.xlsx", "a.json", "a.zip", "a.parquet", "a.geojson", "a"]),
    begun=st.sampled_from(
        [b"", b"a;b\n1;2\n", b"PK\x03\x04", b"[{", b"PAR1", b"\x1f\x8b", b"\xff\xfe"]
    ),
)
def test_any_bytes_get_a_verdict(folder: Path, data: bytes, name: str, begun: bytes):
    path = folder / name
    path.write_bytes(begun + data)
    verdict = check(path, name)
    assert list(lines(verdict, "el"))
    json.dumps(as_json(verdict), default=str)


@settings(max_examples=_EXAMPLES)
@given(rows=st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=1, max_size=8))
def test_any_table_has_as_many_rows_as_were_written(folder: Path, rows: list[list[str]]):
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows([["x", "y", "z"], *rows])
    path = folder / "table.csv"
    path.write_bytes(out.getvalue().encode("utf-8-sig"))
    verdict = check(path)
    assert verdict.readable
    blank = sum(not any(cell.strip() for cell in row) for row in rows)
    assert len(rows) - blank <= verdict.tables[0].schema.rows <= len(rows)
