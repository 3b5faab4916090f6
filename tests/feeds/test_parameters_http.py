"""Nothing that is written into an address or a header of the feeds makes the portal fail."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pysolr
import pytest
from ckan.tests.helpers import _get_test_app
from ckanext.dcat import blueprints
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.municipal.feeds.questions import NAMES
from tests.feeds.portal import create, settle

pytestmark = pytest.mark.usefixtures("fresh_site")

NAMED = st.sampled_from([*NAMES, "deleted_since", "_", "lang", "fl", "facet.field", "sort"])
ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            *("1", "2", "0", "-1", "1e3", "9" * 400, "999999999", "\0", "a\0b", "%00", "\ud800"),
            *(
                '"',
                "'",
                "*",
                "*:*",
                "(",
                ":",
                "state:deleted",
                "+state:deleted",
                "capacity:private",
            ),
            *(
                "{!lucene}*:*",
                "{!join from=id to=id}x",
                "_query_:x",
                "id:[* TO",
                "a AND",
                "^",
                "/x",
            ),
            *(
                "'; DROP TABLE package; --",
                "1' OR '1'='1",
                "../../etc/passwd",
                "<script>",
                "x" * 3000,
            ),
            *("2026-01-01", "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
            *("ENVI", "true", "euro_dcat_ap_3", "schemaorg", "metadata_modified:[NOW-1DAY TO NOW]"),
        ]
    ),
)
ADDRESSES = (
    "/catalog.ttl",
    "/catalog",
    "/catalog-full.nt",
    "/feeds/deleted.json",
    "/dataset/spending.rdf",
    "/feeds",
    "/",
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Accept", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "User-Agent", "Range"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
    max_size=3,
)
WRONG = (
    ("/catalog.zzz", 404, "ttl, rdf, xml, jsonld, nt, n3"),
    ("/catalog-full.zip", 404, "ttl, rdf, xml, jsonld, nt, n3"),
    ("/dataset/spending.pdf", 404, "ttl, rdf, xml, jsonld, nt, n3"),
    ("/dataset/nobody.ttl", 404, "nobody"),
    ("/catalog.ttl?page=x", 400, "page"),
    ("/catalog.ttl?fq=id:[", 400, "fq"),
    ("/catalog.ttl?fq={!lucene}x", 400, "fq"),
    ("/catalog.ttl?modified_since=soon", 400, "2026-01-31"),
    ("/catalog.ttl?profiles=none", 400, "euro_dcat_ap_3"),
    ("/catalog.ttl?organization=nobody", 404, "http://test.ckan.net/organization"),
    ("/catalog.ttl?group=nobody", 404, "http://test.ckan.net/group"),
    ("/catalog.ttl?theme=nothing", 404, "ENVI"),
    ("/feeds/deleted.json?deleted_since=x", 400, "deleted_since"),
)
OFTEN = settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def site(app: Any) -> Any:
    create("spending", tags=[{"name": "water"}])
    settle()
    return app.test_client()


def ask(client: Any, url: str, **options: Any) -> Any:
    answer = client.open(url, follow_redirects=False, **options)
    assert answer.status_code in (200, 303, 304, 400, 404, 406, 410), (url, answer.data)
    refused = answer.status_code >= 400 and answer.mimetype == "text/plain"
    if refused and options.get("method") != "HEAD":
        assert answer.get_data(as_text=True).strip()
    return answer


@OFTEN
@given(
    st.sampled_from(ADDRESSES),
    st.lists(st.tuples(NAMED, ODD), max_size=4),
    HEADERS,
    st.sampled_from(["GET", "HEAD"]),
)
def test_any_parameters_and_headers_are_answered_or_refused(
    site: Any, url: str, said: list[tuple[str, str]], headers: dict[str, str], method: str
):
    query = "&".join(f"{name}={quote(text, errors='surrogatepass')}" for name, text in said)
    ask(site, f"{url}?{query}", method=method, headers=headers)


@OFTEN
@given(st.sampled_from(["/catalog.", "/catalog-full.", "/dataset/spending.", "/dataset/"]), ODD)
def test_any_ending_is_answered_or_refused(site: Any, start: str, ending: str):
    ask(site, start + quote(ending, safe="", errors="surrogatepass"))


def test_what_is_wrong_is_refused_with_what_is_allowed(site: Any):
    for url, status, told in WRONG:
        answer = ask(site, url, headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.mimetype) == (status, "text/plain"), url
        assert told in answer.get_data(as_text=True)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_search_that_is_away_is_told_as_a_moment_not_as_the_readers_fault(
    site: Any, monkeypatch: pytest.MonkeyPatch
):
    nowhere = pysolr.Solr("http://127.0.0.1:9/solr/none")
    monkeypatch.setattr("ckan.lib.search.query.make_connection", lambda **_: nowhere)
    assert site.get("/catalog.ttl?q=water").status_code == 503
    assert site.get("/catalog.ttl").status_code == 200


@pytest.fixture
def dcat_first(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    plugins = ckan_config["ckan.plugins"]
    listed = plugins.split() if isinstance(plugins, str) else list(plugins)
    others = [name for name in listed if name != "dcat"]
    monkeypatch.setitem(ckan_config, "ckan.plugins", " ".join(["dcat", *others]))
    with monkeypatch.context() as once:
        once.setitem(ckan_config, "ckanext.dcat.enable_content_negotiation", True)
        once.setitem(ckan_config, "ckanext.dcat.catalog_endpoint", "/data/all.{_format}")
        importlib.reload(blueprints)  # it makes its addresses when it is imported
        yield
    importlib.reload(blueprints)


@pytest.mark.usefixtures("dcat_first", "fresh_site")
class TestDcatFirst:
    """A portal whose operator enabled ckanext-dcat first, with its own options."""

    def test_its_addresses_are_answered_here(self):
        site = _get_test_app().test_client()
        create("spending")
        settle()
        pages = [site.get(url) for url in ("/catalog.nt", "/data/all.nt")]
        assert pages[0].data == pages[1].data
        assert b"PartialCollectionView" in pages[0].data
        assert ask(site, "/data/all.zzz").status_code == 404
        assert ask(site, "/dataset/spending.pdf").status_code == 404
        assert site.get("/dataset/spending.ttl").headers["ETag"]
        assert ask(site, "/", headers={"Accept": "text/turtle"}).mimetype == "text/turtle"
        assert ask(site, "/", headers={"Accept": "text/html"}).mimetype == "text/html"
