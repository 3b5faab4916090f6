"""A portal with datasets in its feeds, and a harvester that follows them as ckanext-dcat's does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from ckan.tests import helpers
from ckanext.dcat.processors import RDFParser

from ckanext.municipal.feeds import work

SITE = "http://test.ckan.net"


def call(action: str, **said: Any) -> dict[str, Any]:
    """Call an action as the portal's own user."""
    user = helpers.call_action("get_site_user")["name"]
    return helpers.call_action(action, context={"user": user, "ignore_auth": True}, **said)


def create(name: str, **fields: Any) -> dict[str, Any]:
    """Create a dataset that satisfies DCAT-AP, by the API."""
    said = {
        "title_translated": {"el": f"Τίτλος {name}", "en": f"Title {name}"},
        "notes_translated": {"el": "Τι περιέχει", "en": "What it holds"},
        "license_id": "CC BY 4.0",
        "resources": [{"url": f"https://example.org/{name}.csv", "format": "CSV"}],
    }
    return call("package_create", name=name, **(said | fields))


def change(name: str, **fields: Any) -> dict[str, Any]:
    """Change some fields of a dataset, by the API."""
    return call("package_patch", id=name, **fields)


def delete(name: str) -> None:
    """Delete a dataset, by the API."""
    call("package_delete", id=name)


def settle() -> int:
    """Let the worker make what waits, as it would within a second."""
    return work.drain()


def path(url: str) -> str:
    """The part of an address that a test client asks for."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def harvest(
    app: Any, url: str, form: str = "ttl", between: Callable[[], None] = lambda: None
) -> Iterator[list[str]]:
    """Yield the URIs of the datasets of each page, as ckanext-dcat's harvester finds pages and datasets.

    ``between`` is called after each page.
    """
    seen: set[str] = set()
    following: str | None = url
    while following:
        assert following not in seen, "the pages lead back"
        seen.add(following)
        answer = app.get(path(following))
        parser = RDFParser()
        parser.parse(answer.body, _format=form)
        yield [str(dataset) for dataset in parser._datasets()]
        following = parser.next_page()
        between()
