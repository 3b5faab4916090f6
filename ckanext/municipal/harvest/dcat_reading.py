"""ckanext-dcat's harvesters read from the web only, no page twice, and RDF within limits.

Their common method opens a local file where the source's URL, or the next page that a catalogue
names, does not begin with ``http``; two pages that name each other are read for ever; what RDF they
parse may want other files, or be without end. Neither their hooks nor a session can prevent the
first, so these two methods are wrapped; everything else of ckanext-dcat stays as it is.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from rdflib import ConjunctiveGraph

from ckanext.municipal.harvest import config
from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.http import UrlRefused, shown
from ckanext.municipal.lib.rdf import LimitedStore, bound_parsers, check_document
from ckanext.municipal.lib.texts import N_

MAX_PAGES = 10_000
_WEB = re.compile(r"https?://", re.IGNORECASE)
_MARK = "_municipal_guarded"
# Job -> what was read of it; goes with the job.
_pages: WeakKeyDictionary[Any, set[tuple[str, int]]] = WeakKeyDictionary()


def guard() -> None:
    """Wrap the methods of the modules that are loaded; again is as good as once."""
    bound_parsers()
    if module := sys.modules.get("ckanext.dcat.harvesters.base"):
        _wrap(module.DCATHarvester, "_get_content_and_type", _from_the_web)
    if module := sys.modules.get("ckanext.dcat.processors"):
        _wrap(module.RDFParser, "parse", _within_limits)


def _wrap(owner: type, name: str, around: Callable[[Callable[..., Any]], Any]) -> None:
    stock = getattr(owner, name)
    if not hasattr(stock, _MARK):
        wrapped = functools.wraps(stock)(around(stock))
        setattr(wrapped, _MARK, True)
        setattr(owner, name, wrapped)


def _from_the_web(stock: Callable[..., Any]) -> Callable[..., Any]:
    def get_content_and_type(
        self: Any, url: str, harvest_job: Any, page: int = 1, content_type: str | None = None
    ) -> Any:
        try:
            _check_page(url, harvest_job, page)
        except ReadableError as error:
            self._save_gather_error(str(error), harvest_job)
            return None, None
        return stock(self, url, harvest_job, page, content_type)

    return get_content_and_type


def _check_page(url: str, harvest_job: Any, page: int) -> None:
    """Refuse what is not on the web, and a page that this job has read already."""
    if not _WEB.match(url):
        raise UrlRefused(url=shown(url))
    seen = _pages.setdefault(harvest_job, set())
    if (url, page) in seen or len(seen) >= MAX_PAGES:
        raise ReadableError(
            N_("{url} comes again as the next page of the catalogue. Tell its owner."),
            url=shown(url),
        )
    seen.add((url, page))


def _within_limits(stock: Callable[..., Any]) -> Callable[..., Any]:
    from ckanext.dcat.exceptions import RDFParserException
    from ckanext.dcat.utils import url_to_rdflib_format

    def parse(self: Any, data: Any, _format: str | None = None) -> None:
        named = url_to_rdflib_format(_format) or "xml"
        if not len(self.g):
            self.g = ConjunctiveGraph(store=LimitedStore(config.max_triples()))
        try:
            # ckanext-dcat names the pretty form of RDF/XML where it means any.
            check_document(data, named.removeprefix("pretty-"), config.max_triples())
            stock(self, data, _format)
        except RDFParserException:
            raise
        except RecursionError as error:
            raise RDFParserException("The document is nested too deeply.") from error
        except Exception as error:
            # rdflib's parsers raise what they like; ckanext-dcat knows some, and the rest would
            # end the worker.
            raise RDFParserException(str(error) or type(error).__name__) from error

    return parse
