"""A dataset spelled out for DCAT: what CKAN leaves implicit, and nothing that is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ckanext.municipal.portal import vocabularies
from ckanext.municipal.portal.dcat import described
from ckanext.municipal.portal.series import series_of

FOLDER = Path(__file__).resolve().parents[2] / "schemas" / "vocabularies"
SPDX = "http://spdx.org/rdf/terms#checksumAlgorithm_"


def resource(**fields: Any) -> dict[str, Any]:
    """Return the one resource of a dataset, spelled out."""
    dataset = {"resources": [{"id": "r1", "url": "https://example.org/a.csv", **fields}]}
    return spelled_out(dataset)["resources"][0]


def spelled_out(dataset: dict[str, Any], **more: Any) -> dict[str, Any]:
    more.setdefault("site_url", "https://data.example.org/")
    return described(dataset, lambda name: vocabularies.load(name, FOLDER), **more)


def test_a_table_of_the_datastore_has_its_api():
    (service,) = resource(datastore_active=True, name="Lines")["access_services"]
    address = "https://data.example.org/api/3/action/datastore_search?resource_id=r1"
    assert service["endpoint_url"] == [address]
    assert service["title"]["en"] == "DataStore API: Lines"


def test_a_service_that_the_publisher_describes_stays_beside_it():
    theirs = {"title": "WFS", "endpoint_url": ["https://example.org/wfs"]}
    services = resource(datastore_active=True, access_services=[theirs])["access_services"]
    assert [services[0], len(services)] == [theirs, 2]


def test_a_file_has_no_api():
    assert "access_services" not in resource(name="Lines")


@pytest.mark.parametrize(
    ("digest", "algorithm", "told"),
    [
        ("ab" * 32, "", "sha256"),
        ("ab" * 16, None, "md5"),
        ("ab" * 20, f"{SPDX}sha256", "sha256"),
    ],
)
def test_a_checksum_says_how_it_was_made(digest: str, algorithm: str | None, told: str):
    found = resource(hash=digest, hash_algorithm=algorithm)
    assert (found["hash"], found["hash_algorithm"]) == (digest, SPDX + told)


@pytest.mark.parametrize("digest", ["abc", "W/etag", "ab" * 7, ""])
def test_a_checksum_that_is_none_is_left_out(digest: str):
    assert not resource(hash=digest)["hash"]


def test_a_department_is_asked_where_nobody_is_named():
    department = {"name": "finance", "title": "Finance", "email": "finance@example.org"}
    (asked,) = spelled_out({"contact": [{"name": ""}]}, department=department)["contact"]
    assert (asked["name"], asked["email"]) == ("Finance", "finance@example.org")
    named = [{"name": "Data team", "email": ""}]
    assert spelled_out({"contact": named}, department=department)["contact"] == named
    assert spelled_out({}, department={"name": "finance"})["contact"] == []


def test_budgets_of_a_municipality_are_a_series():
    budget = {"type": "budget", "municipality_uid": "6114", "municipality_name": "Πόλη"}
    series = series_of(budget, "https://data.example.org/")
    assert series
    assert series.uri == "https://data.example.org/budget#6114"
    assert series.title["en"] == "Budgets of Πόλη"
    assert series_of({**budget, "fiscal_year": "2025"}, "https://data.example.org") == series


def test_other_datasets_stand_alone():
    assert series_of({"type": "dataset"}, "https://data.example.org") is None
    assert series_of({"type": "budget"}, "https://data.example.org") is None
