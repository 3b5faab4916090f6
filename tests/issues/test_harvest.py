"""A city's requests harvested over HTTP: what the portal then holds, and what it does not write."""

from __future__ import annotations

import json

from tests.issues.harvested import clean_cells, loaded_plugins, portal, versions

__all__ = ["clean_cells", "loaded_plugins", "portal"]


def test_requests_become_a_dataset_with_tables_and_files(portal):
    city = portal.city(40)
    run = city.run()
    assert (run["added"], run["outcome"]) == (1, "done"), city.reason()
    dataset = city.dataset()
    assert dataset["type"] == "issue_reports"
    assert "citizen requests" in dataset["tags_translated"]["en"]
    assert len(city.ids()) == 40
    assert {row["status"] for row in city.content()["requests"]} == {"open"}
    features = json.loads(city.file("requests-geojson"))["features"]
    assert len(features) == 40


def test_the_same_again_writes_nothing(portal):
    city = portal.city(40)
    city.run()
    before, written = city.content(), versions()
    for _ in range(2):
        run = city.run()
        assert (run["unchanged"], run["outcome"]) == (1, "done")
    assert versions() == written
    assert city.content() == before
