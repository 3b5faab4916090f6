"""Pages of hostile datasets: every reader can read every one of them, and all say the same."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Sequence

import pytest
from lxml import etree
from made_datasets import made
from pyoxigraph import parse

from ckanext.municipal.feeds import catalogue, making
from ckanext.municipal.lib.rdf import fragments

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")

_A_PAGE = 100


def page_is_read(seeds: Sequence[int]) -> int:
    """Make a page of datasets in each form, and read it as strictly as can be; returns how many are on it."""
    records = [making.make(made(seed)) for seed in seeds]
    uris = [record.uri for record in records]
    triples = []
    for form in fragments.FORMS:
        told = [catalogue.fragment(form, uris), *(record.payloads[form] for record in records)]
        page = fragments.document(form, told)
        page.decode("utf-8")
        if form == "rdfxml":
            etree.fromstring(page, etree.XMLParser(huge_tree=True))
        if form == "jsonld":
            json.loads(page)
        triples.append({quad.triple for quad in parse(page, format=fragments.SYNTAXES[form])})
    assert triples[0] == triples[1] == triples[2] == triples[3], seeds
    subjects = {triple.subject.value for triple in triples[0]}
    assert subjects.issuperset(uris), seeds
    return len(set(uris))


def test_some_hostile_pages_are_read():
    for first in range(0, 200, _A_PAGE):
        assert page_is_read(range(first, first + _A_PAGE)) == _A_PAGE


@pytest.mark.slow
def test_a_hundred_thousand_hostile_datasets_leave_no_page_unreadable():
    pages = [range(first, first + _A_PAGE) for first in range(0, 100_000, _A_PAGE)]
    # Each process has the portal of this one as it is now: nothing here asks a database.
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        read = sum(pool.imap_unordered(page_is_read, pages))
    assert read == 100_000
