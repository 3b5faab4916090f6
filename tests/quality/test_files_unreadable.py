"""Files that are no tables, or were made to do harm: each ends in a verdict that says what to do."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ckanext.municipal.quality.files.checking import check
from ckanext.municipal.quality.files.told import UNREADABLE, as_json, exit_code, lines
from ckanext.municipal.quality.findings import Severity

GOOD = "Σταθμός;Τιμή\nΕγνατία;21\nΑγία Σοφία;23\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def workbook(*rows: list[object]) -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def without(data: bytes, name: str) -> bytes:
    """A zip archive with one member left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
    return out.getvalue()


BOOK = workbook(["α", "β"], [1, 2])
UNREAD: dict[str, tuple[str, bytes | Callable[[], bytes]]] = {
    "nothing": ("a.csv", b""),
    "a mark of UTF-8 alone": ("a.csv", b"\xef\xbb\xbf"),
    "spaces": ("a.csv", b"   \n \n"),
    "line ends": ("a.csv", b"\r\n" * 500),
    "zeros": ("a.csv", bytes(5_000)),
    "a page for people": ("a.csv", b"<!DOCTYPE html><html><body>Not found</body></html>"),
    "a page with spaces before it": ("a.csv", b"\n\n  <HTML><body>Sign in</body></HTML>"),
    "a page called a workbook": ("a.xlsx", b"<html><table><tr><td>1</td></tr></table></html>"),
    "XML": ("a.csv", b'<?xml version="1.0"?><rows><row a="1"/></rows>'),
    "JSON of one number": ("a.json", b"5"),
    "JSON of one text": ("a.json", b'"hello"'),
    "JSON cut off": ("a.json", b'[{"a": 1}, {"a": '),
    "JSON of lists": ("a.json", b"[[1, 2], [3, 4]]"),
    "JSON of numbers": ("a.json", b"[1, 2, 3]"),
    "JSON without rows": ("a.json", b"[]"),
    "JSON nested 100,000 times": ("a.json", b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]"),
    "JSON of 10 million brackets": ("a.json", b"[" * 10_000_000),
    "JSON with a word for a number": ("a.json", b'[{"a": nothing}]'),
    "JSON in a wrong encoding": ("a.json", '[{"α": "έ"}]'.encode("utf-16-le")[1:]),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    "a PDF": ("a.csv", b"%PDF-1.7\n" + bytes(range(256)) * 20),
    "a program": ("a.csv", b"\x7fELF" + bytes(range(256)) * 20),
    "a film": ("a.csv", b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 20),
    "an archive of no file": ("a.zip", zipped()),
    "an archive of two tables": ("a.zip", zipped(a__csv=b"a;b\n1;2\n", b__csv=b"a;b\n1;2\n")),
    "an archive cut off": ("a.zip", zipped(a__csv=GOOD.encode() * 900)[:200]),
    "an archive in an archive in an archive": (
        "a.zip",
        zipped(a__zip=zipped(a__zip=zipped(a__zip=zipped(a__csv=b"a;b\n1;2\n")))),
    ),
    "an archive of a page": ("a.zip", zipped(a__csv=b"<html><body>x</body></html>")),
    "a bomb of zeros": ("a.zip", lambda: zipped(a__csv=bytes(60_000_000))),
    "a bomb of one row": ("a.zip", lambda: zipped(a__csv=b"a;b\n" + b"1;2\n" * 15_000_000)),
    "a bomb by gzip": ("a.csv.gz", lambda: gzip.compress(bytes(60_000_000))),
    "gzip cut off": ("a.csv.gz", gzip.compress(GOOD.encode() * 900)[:100]),
    "gzip of nothing": ("a.csv.gz", gzip.compress(b"")),
    "gzip damaged": ("a.csv.gz", gzip.compress(GOOD.encode())[:12] + b"\xff" * 40),
    "a workbook cut off": ("a.xlsx", BOOK[: len(BOOK) // 2]),
    "a workbook without its sheet": ("a.xlsx", without(BOOK, "xl/worksheets/sheet1.xml")),
    "a workbook without its list of sheets": ("a.xlsx", without(BOOK, "xl/workbook.xml")),
    "an empty workbook": ("a.xlsx", workbook()),
    "a workbook with a password": (
        "a.xlsx",
        OLE + "EncryptedPackage".encode("utf-16-le") + bytes(4096),
    ),
    "an old workbook that is damaged": ("a.xls", OLE + bytes(4096)),
    "a Word document": ("a.docx", zipped(word__document=b"<xml/>", Content_Types=b"<xml/>")),
    "Parquet cut off": ("a.parquet", b"PAR1" + bytes(100)),
    "Parquet damaged": ("a.parquet", b"PAR1" + bytes(100) + b"PAR1"),
    "zeros in a cell": ("a.csv", GOOD.encode() + b"a\x00b;24\n"),
    "5,000 columns": (
        "a.csv",
        b"\n".join(b";".join(b"%d" % n for n in range(5_000)) for _ in range(3)),
    ),
    "10,001 columns": ("a.csv", (";".join(f"c{n}" for n in range(10_001)) + "\n1\n").encode()),
    "a line without an end": ("a.csv", lambda: b"a;b\n" + b"x" * 20_000_000),
    "quotation marks that never close": ("a.csv", lambda: b'a;b\n"1;2\n' + b"3;4\n" * 3_000_000),
}
READ: dict[str, tuple[str, bytes]] = {
    "an error of a server as JSON": ("a.csv", b'{"error": "not found"}'),
    "a table called a workbook": ("a.xlsx", GOOD.encode()),
    "a workbook called a table": ("a.csv", BOOK),
    "JSON called a table": ("a.csv", b'[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]'),
    "rows of JSON": ("a.json", b'{"a": 1}\n{"a": 2}\n{"b": 3}\n'),
    "JSON with its rows under data": ("a.json", b'{"data": [{"a": 1}, {"a": 2}]}'),
    "GeoJSON": (
        "a.geojson",
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"a": n},
                        "geometry": {"type": "Point", "coordinates": [22.9, 40.6]},
                    }
                    for n in range(3)
                ],
            }
        ).encode(),
    ),
    "a table by gzip": ("a.csv.gz", gzip.compress(GOOD.encode())),
    "a table in an archive": ("a.zip", zipped(a__csv=GOOD.encode())),
    "no line end at the end": ("a.csv", GOOD.strip().encode()),
    "line ends of old Macs": ("a.csv", GOOD.replace("\n", "\r").encode()),
    "line ends of both kinds": ("a.csv", (GOOD + "Ερμού;24\r\nΊριδος;25\n").encode()),
    "bytes of no encoding": ("a.csv", GOOD.encode() + b"\xff\xfe\xce;24\n"),
    "one column": ("a.csv", "Σταθμός\nΕγνατία\nΕρμού\n".encode()),
    "headings alone": ("a.csv", b"a;b;c\n"),
    "rows of all lengths": ("a.csv", b"a;b;c\n1\n1;2\n1;2;3\n1;2;3;4\n1;2;3;4;5\n"),
    "formulas": ("a.csv", b"a;b\n=1+1;@SUM(A1)\n+1;-1\n"),
    "quotation marks in cells": ("a.csv", b'a;b\n"1;""2""";"x\ny"\n3;4\n'),
    "DOS Greek": ("a.csv", GOOD.encode("cp737")),
    "UTF-16": ("a.csv", GOOD.encode("utf-16")),
    "UTF-16 without a mark": ("a.csv", GOOD.encode("utf-16-le")),
    "headings that are all the same": ("a.csv", b"a;a;a\n1;2;3\n4;5;6\n"),
    "numbers beyond all measure": (
        "a.csv",
        ("a;b\n" + "".join(f"{'9' * n};1e{n}\n" for n in (5, 40, 400, 4_000))).encode(),
    ),
    "dates beyond all measure": (
        "a.csv",
        b"a;b\n1;99999-01-01\n2;0000-00-00\n3;-4712-01-01\n4;2024-02-30\n",
    ),
}


def told(tmp_path: Path, name: str, data: bytes | Callable[[], bytes]):
    path = tmp_path / name
    path.write_bytes(data() if callable(data) else data)
    verdict = check(path, name)
    for language in ("el", "en"):
        assert all(lines(verdict, language))
    json.dumps(as_json(verdict), default=str)
    return verdict


@pytest.mark.parametrize("case", UNREAD)
def test_what_is_no_table_is_told_with_a_remedy(case: str, tmp_path: Path):
    verdict = told(tmp_path, *UNREAD[case])
    errors = [f for f in verdict.findings if f.rule.severity is Severity.ERROR]
    nothing_in_it = all(table.schema.rows == 0 for table in verdict.tables)
    assert errors or nothing_in_it
    assert exit_code(verdict) == UNREADABLE or nothing_in_it or verdict.readable
    if not verdict.readable:
        [finding] = [f for f in errors if f.rule.id == "unreadable-file"]
        for language in ("el", "en"):
            assert UNREAD[case][0].split(".")[0] in finding.message(language)
            assert len(finding.message(language)) < 600


@pytest.mark.parametrize("case", READ)
def test_what_is_a_table_is_read_however_it_is_written(case: str, tmp_path: Path):
    verdict = told(tmp_path, *READ[case])
    assert verdict.readable, [f.message("en") for f in verdict.findings]
    assert verdict.tables


def test_there_are_sixty_cases_and_more():
    assert len(UNREAD) + len(READ) >= 60
