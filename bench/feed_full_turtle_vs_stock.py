"""The whole catalogue in Turtle, 10,000 datasets of three distributions, beside ckanext-dcat's pages.

The peer builds and writes pages of 100 datasets with the profiles `euro_dcat_ap_3` and
`euro_dcat_ap_scheming`, in the process that asks; five of them are timed and counted for all. Ours
is read over HTTP to its last byte by the first reader after a change, who gets it record by record;
`kept_s` is what the next reader waits, who gets the file. `made_per_s` is how many records the worker made a second.
"""

from __future__ import annotations

from typing import Any

from bench import feeds_whole


def run() -> dict[str, Any]:
    """Measure and return the figure."""
    return feeds_whole.beside_stock("ttl")
