"""Every kind of source: the least that its YAML says makes a reader, and no reader without a test."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.municipal.issues import source_yaml
from ckanext.municipal.issues.source import TYPE
from ckanext.municipal.issues.sources import KINDS, Access, reader_for
from ckanext.municipal.lib.http import Client
from ckanext.municipal.portal.geojson import Box

LEAST: dict[str, dict[str, Any]] = {
    "improve_my_city": {"key": {"secret": "city-key"}},
    "improve_my_city_2": {},
    "improve_my_city_dump": {},
    "open311": {},
    "table": {"columns": {"id": "Number"}},
}
INCREMENTAL = {"improve_my_city", "open311"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_least_that_a_source_says_makes_its_reader(kind):
    source = source_yaml.parse(
        {
            "name": "a-city-requests",
            "type": TYPE,
            "title": {"el": "Αιτήματα", "en": "Requests"},
            "organization": "a-city",
            "where": {"url": "https://requests.example.org/georeport/v2/"},
            "source": {"kind": kind, **LEAST[kind]},
        },
        "a-city.yaml",
        Box(22.0, 40.0, 23.0, 41.0),
    )
    with Client() as client:
        assert source.url
        access = Access(source.url, client, {"city-key": "sixteen-letters!"}.__getitem__)
        reader = reader_for(source, access)
    assert reader.incremental == (kind in INCREMENTAL)
    assert "sixteen" not in repr(reader)
