"""The whole catalogue, read over HTTP from the test site, beside its peers."""

from __future__ import annotations

import http.client
from pathlib import Path
from typing import Any

from bench import feeds_site, harness, site

_REPEATS = 3
_PAGES = feeds_site.INDEXED // 100
_STOCK = ["euro_dcat_ap_3", "euro_dcat_ap_scheming"]


def beside_stock(extension: str) -> dict[str, Any]:
    """Return the figure of a form beside ckanext-dcat's pages of 100."""
    made = feeds_site.catalogue()
    factor = made.datasets // (_PAGES * 100)
    with site.served() as port:
        found = harness.by_turns(
            lambda: harness.seconds(lambda: _first(port, extension)),
            lambda: harness.seconds(lambda: _stock_pages(extension)) * factor,
            repeats=_REPEATS,
        )
        kept = harness.median(lambda: _read(port, f"/catalog-full.{extension}"))
        megabytes = round(_read(port, f"/catalog-full.{extension}") / 2**20, 1)
    return {
        **found,
        "kept_s": kept,
        "mb": megabytes,
        "datasets": made.records,
        "stock_pages_timed": _PAGES,
        "made_per_s": made.made_per_s,
    }


def beside_static(extension: str) -> dict[str, Any]:
    """Return the figure of a form beside a file that the web server sends."""
    made = feeds_site.catalogue()
    with site.served() as port:
        static = _static(port, extension)
        found = harness.compare(
            lambda: _read(port, f"/catalog-full.{extension}"), lambda: _read(port, static)
        )
        first = harness.median(lambda: _first(port, extension))
    return {**found, "first_s": first, "datasets": made.records}


def _first(port: int, extension: str) -> int:
    """What the first reader after a change gets; returns how many bytes."""
    from ckanext.municipal.feeds import kept

    kept.clear()
    return _read(port, f"/catalog-full.{extension}")


def _static(port: int, extension: str) -> str:
    """Put the catalogue where CKAN sends files as they are; returns its path."""
    from ckan.lib.webassets_tools import get_webassets_path

    path = Path(get_webassets_path()) / f"bench.{extension}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        _read(port, f"/catalog-full.{extension}", file.write)
    return f"/webassets/{path.name}"


def _read(port: int, path: str, keep: Any = len) -> int:
    """Read an answer to its end; returns how many bytes. Raises RuntimeError unless it is 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", path)
    answer = connection.getresponse()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path} answered {answer.status}")
    size = 0
    while piece := answer.read(2**20):
        size += len(piece)
        keep(piece)
    connection.close()
    return size


def _stock_pages(extension: str) -> None:
    """Make pages of the stock feed, as its address does."""
    with site.app()._wsgi_app.test_request_context():
        context = site.context()
        for number in range(1, _PAGES + 1):
            page = feeds_site.call(
                context, "dcat_catalog_show", page=number, format=extension, profiles=_STOCK
            )
            if page.count("example.org/files/") < 100:
                raise RuntimeError(f"page {number} of the stock feed is not whole")
