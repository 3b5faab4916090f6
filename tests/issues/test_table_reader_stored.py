"""A spreadsheet in the tables: the same file again writes nothing, another one only what differs."""

from __future__ import annotations

from spreadsheets import csv_of, reader, row
from test_walk import plugins_loaded, portal

__all__ = ["plugins_loaded", "portal"]


def written(path, changes=None, count=1_200):
    """A file in which the first request stands again, newer and older, in later batches."""
    rows = [row(n, **{"status": "closed", **(changes or {}).get(n, {})}) for n in range(count)]
    rows[700:700] = [row(0, status="archived", closed="9/3/2024"), row(1, status="open", closed="")]
    path.write_bytes(csv_of(rows))
    return reader(str(path))


def test_the_same_file_again_writes_nothing_although_it_repeats_requests(portal, tmp_path):
    file = tmp_path / "requests.csv"
    portal.read(written(file))
    assert len(portal.ids()) == 1_200
    stored = {each["id"]: each["status"] for each in portal.table("requests")}
    assert (stored["0"], stored["1"]) == ("archived", "closed")
    before = portal.versions()
    assert not portal.read(written(file)).changed
    assert portal.versions() == before


def test_of_a_newer_file_only_what_differs_is_written(portal, tmp_path):
    file = tmp_path / "requests.csv"
    portal.read(written(file))
    walk = portal.read(written(file, {5: {"status": "open"}}, count=1_199))
    counts = {name: walk.counts[name] for name in ("inserted", "changed", "withdrawn")}
    assert counts == {"inserted": 0, "changed": 1, "withdrawn": 1}
    assert "1199" not in portal.ids()
