"""A misbehaving web server, and clients that may ask it."""

from __future__ import annotations

import pytest
from faults import FaultServer

from ckanext.municipal.lib.http import Client, Retries


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def make(server, tmp_path):
    """Make clients that may ask the server; what they sleep is in ``.slept``, their files in tmp_path."""
    made = []

    def client(**options):
        slept: list[float] = []
        options.setdefault("retries", Retries(jitter=lambda: 1.0))
        options.setdefault("sleep", slept.append)
        one = Client(allow=[server.allow], folder=tmp_path, **options)
        one.slept = slept
        made.append(one)
        return one

    yield client
    for one in made:
        one.close()
