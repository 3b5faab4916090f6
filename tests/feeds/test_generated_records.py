"""Whatever the form lets through becomes a record that conforms, by our checker and by pySHACL alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from conforming_record import errors, record_conforms
from made_datasets import made

from ckanext.municipal.feeds import making

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


def test_generated_datasets_conform_by_our_checker():
    for seed in range(1000, 1100):
        assert errors(making.make(made(seed))) == [], seed


def test_generated_datasets_conform_by_pyshacl(shared: Path):
    for seed in range(40):
        record_conforms(made(seed), shared)


@pytest.mark.slow
def test_five_hundred_generated_datasets_conform_by_both(shared: Path):
    for seed in range(500):
        record_conforms(made(seed), shared)
