"""The whole catalogue in RDF/XML, 10,000 datasets of three distributions, beside ckanext-dcat's pages."""

from __future__ import annotations

from typing import Any

from bench import feeds_whole


def run() -> dict[str, Any]:
    """Measure and return the figure."""
    return feeds_whole.beside_stock("rdf")
