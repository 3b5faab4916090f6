"""One portal for all tests of a module: emptied and filled anew only where a test has changed it.

To load the plugins, to make the application and to publish a city takes seconds; most tests only read.
A module imports the fixtures that it wants, and `fresh_site`, `app` with them, instead of those of CKAN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from ckan.tests.helpers import CKANTestApp

from tests.issues.harvested import loaded_plugins
from tests.issues.published_requests import Row, publish

__all__ = ["app", "changes_it", "fresh_site", "kept", "loaded_plugins", "published"]

Publish = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    """The dataset that the portal holds as it was published; nothing once a test may have changed it."""
    return {}


@pytest.fixture
def fresh_site(
    kept, loaded_plugins, clean_db, clean_index, clean_datastore, clean_redis
) -> None:  # fmt: skip
    """An empty portal with every plugin of test.ini on."""
    kept.clear()


@pytest.fixture
def changes_it(kept) -> None:
    """For a test that changes what the module keeps: the next one finds it as it was published."""
    yield
    kept.clear()


@pytest.fixture
def published(kept, request) -> Publish:
    """Publish a city, or find it as it was published before; takes what `publish` takes."""

    def publish_once(rows: Iterable[Row], **said: Any) -> dict[str, Any]:
        if not kept:
            request.getfixturevalue("fresh_site")
            kept.update(publish(rows, **said))
        return dict(kept)

    return publish_once


@pytest.fixture
def app(loaded_plugins) -> CKANTestApp:
    """The portal as an application, by the name that CKAN's own fixtures know."""
    return loaded_plugins
