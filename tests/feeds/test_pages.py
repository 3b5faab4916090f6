"""The catalogue in pages, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from tests.feeds.portal import SITE, change, create, delete, harvest, settle

pytestmark = pytest.mark.usefixtures("fresh_site")


@pytest.fixture
def two_a_page(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", 2)


def test_pages_hang_together_and_tell_of_every_dataset_once(app: Any, two_a_page: None):
    made = {f"{SITE}/dataset/{create(f'd{n}')['id']}" for n in range(5)}
    settle()
    for form in ("ttl", "rdf", "xml", "jsonld", "nt", "n3"):
        pages = list(harvest(app, f"/catalog.{form}", form))
        assert [len(page) for page in pages] == [2, 2, 1]
        assert {uri for page in pages for uri in page} == made
