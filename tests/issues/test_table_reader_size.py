"""A spreadsheet of many years: read in little more room than the file itself, and in seconds."""

from __future__ import annotations

import csv
import time

import pytest
from memory import growth
from spreadsheets import HEADER, REPORTER, reader

MB = 2**20


def written(path, count):
    """A CSV of so many requests, one in a thousand of them twice."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*HEADER, "Περιγραφή"])
        for n in range(count):
            writer.writerow(
                [n - n % 1000 // 999, "Κλειστό", "Καθαριότητα", "Κάδοι", f"{n % 28 + 1}/3/2024 10:{n % 60:02}",
                 "7/4/2024 9:00", f"40.6{n % 5000:04}", f"22.9{n % 8000:04}", *REPORTER, "Γέμισε ο κάδος. " * 8]
            )  # fmt: skip
    return path.stat().st_size


def read_through(path):
    """How many requests there are, none of them kept."""
    return sum(len(batch.requests) for batch in reader(str(path)).walk())


def test_memory_grows_with_the_bytes_of_a_file_and_not_with_its_requests(tmp_path):
    path = tmp_path / "requests.csv"
    size = written(path, 10_000)
    read_through(path)  # what libraries take on at their first use is not the file's
    with growth() as taken:
        assert read_through(path) == 9_990
    assert taken.mb < 4 * size / MB + 10


@pytest.mark.slow
def test_a_hundred_thousand_requests_take_little_memory_and_less_than_two_minutes(tmp_path):
    path = tmp_path / "requests.csv"
    size = written(path, 100_000)
    begun = time.monotonic()
    with growth() as taken:
        assert read_through(path) == 99_900
    assert time.monotonic() - begun < 120
    assert size / MB > 30
    assert taken.mb < 150
