"""The whole catalogue in Turtle, 10,000 datasets, beside the same bytes as a static file: the floor.

The same web server sends both, each read to its last byte. Ours is the reader who finds the
catalogue as it was; `first_s` is the first one after a change, for whom it is made record by record.
"""

from __future__ import annotations

from typing import Any

from bench import feeds_whole


def run() -> dict[str, Any]:
    """Measure and return the figure."""
    return feeds_whole.beside_static("ttl")
