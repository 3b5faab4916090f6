"""Somebody else's program follows /feeds/changes: what it printed makes the catalogue, after every visit."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from chromium import served
from ckan import model
from pyoxigraph import RdfFormat, parse

from ckanext.municipal.feeds import changes
from tests.feeds import ldes_client
from tests.feeds.followed import AS, TYPE
from tests.feeds.portal import settle
from tests.feeds.test_pages_while_edited import BySql, City


def _events(printed: str) -> list[tuple[str, str, set[Any]]]:
    """Kind, dataset and what it says since, in the order in which they were printed."""
    found: dict[str, dict[str, Any]] = {}
    said: dict[str, set[Any]] = {}
    for quad in parse(printed.encode(), format=RdfFormat.N_QUADS):
        graph = getattr(quad.graph_name, "value", "")
        if graph:
            said.setdefault(graph, set()).add(quad.triple)
        else:
            about: Any = quad
            found.setdefault(about.subject.value, {})[about.predicate.value] = about.object.value
    return [
        (each[TYPE].removeprefix(AS), each[f"{AS}object"], said.get(iri, set()))
        for iri, each in found.items()
    ]


def _catalogue() -> dict[str, set[Any]]:
    rows = model.Session.execute(
        sa.text("SELECT uri, ntriples FROM municipal_feed_record WHERE state = 'public'")
    )
    return {
        uri: {quad.triple for quad in parse(bytes(said), format=RdfFormat.N_TRIPLES)}
        for uri, said in rows
    }


def test_what_it_printed_in_its_order_is_the_catalogue(
    fresh_site: None,
    app: Any,
    ckan_config: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    words = ldes_client.program()
    monkeypatch.setattr(changes, "A_PAGE", 4)
    monkeypatch.setitem(ckan_config, "ckanext.municipal.feeds.deletion_share", 1)
    city = City(Random(7), BySql())
    mirror: dict[str, set[Any]] = {}
    kinds: list[str] = []
    with served(app.app) as address:
        monkeypatch.setitem(ckan_config, "ckan.site_url", address)
        city.begin()
        for _ in range(3):
            printed = ldes_client.read(words, f"{address}/feeds/changes", tmp_path / "state")
            for kind, uri, said in _events(printed):
                kinds.append(kind)
                if kind == "Delete":
                    mirror.pop(uri, None)
                else:
                    mirror[uri] = said
            assert mirror == _catalogue()
            city.work(12)
            settle()
    assert set(kinds) == {"Create", "Update", "Delete"}
