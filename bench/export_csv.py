"""200,000 rows as CSV beside Python's csv module; JSON and Parquet of the same rows are told too.

The peer writes the values as Python prints them; ours checks them, keeps NULL and empty text
apart, and guards against formulas.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from bench import harness, samples
from ckanext.municipal.store import exports


def run() -> dict[str, Any]:
    """Measure and return the figure."""
    rows = samples.rows()
    found = harness.compare(lambda: exports.csv_bytes(samples.SCHEMA, rows), _peer, repeats=3)
    return {
        **found,
        "rows": samples.ROWS,
        "csv_mb": round(len(exports.csv_bytes(samples.SCHEMA, rows)) / 1e6, 1),
        "json_s": harness.median(lambda: exports.json_bytes(samples.SCHEMA, rows), repeats=2),
        "parquet_s": harness.median(lambda: exports.parquet_bytes(samples.SCHEMA, rows), repeats=2),
        "parquet_mb": round(len(exports.parquet_bytes(samples.SCHEMA, rows)) / 1e6, 1),
    }


def _peer() -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(samples.SCHEMA.names)
    writer.writerows(samples.rows())
    return file.getvalue().encode()
