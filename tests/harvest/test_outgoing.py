"""Stock harvesters ask the web through the guarded client, and nothing else asks it."""

from __future__ import annotations

import gzip
import json
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ckan.plugins as plugins
import ckan.plugins.toolkit as tk
import pytest
import requests
import stock
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import _get_test_app
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestGatherError, HarvestJob, HarvestObjectError
from faults import FaultServer, answer, endless, gzip_bomb, in_turn, redirect, slow
from werkzeug.exceptions import HTTPException

from ckanext.municipal.harvest import outgoing
from ckanext.municipal.portal import doctor

STOCK = ["ckan_harvester", "dcat_json_harvester", "waf_harvester", "csw_harvester", "doc_harvester"]
TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://example.org/d/1> a dcat:Dataset ; dct:title "Trees" ; dct:description "All of them" .
"""
RDF_XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/"
 xmlns:dcat="http://www.w3.org/ns/dcat#"><dcat:Dataset rdf:about="https://example.org/d/1">
 <dct:title>Trees</dct:title><dct:description>All of them</dct:description></dcat:Dataset></rdf:RDF>"""
DCAT_JSON = {
    "dataset": [{"identifier": "1", "title": "Trees", "description": "All", "distribution": []}]
}
HYDRA = """
@prefix h: <http://www.w3.org/ns/hydra/core#> . <{here}> a h:PagedCollection ; h:next <{next}> .
"""


@pytest.fixture(scope="module")
def test_plugins() -> Iterator[None]:
    """The plugins of test.ini with every stock harvester and the proxy of resources."""
    before = tk.config["ckan.plugins"]
    tk.config["ckan.plugins"] = [*tk.aslist(before), *STOCK, "resource_proxy"]
    plugins.load_all()
    yield
    plugins.unload_all()
    tk.config["ckan.plugins"] = before


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def allowed(server, ckan_config, monkeypatch) -> FaultServer:
    """The server, where the operator allows it."""
    monkeypatch.setitem(ckan_config, "ckanext.municipal.http.allow", server.allow)
    return server


@pytest.fixture
def opened(monkeypatch) -> Iterator[list[tuple[str, int]]]:
    """Every TCP connection of this process to other than PostgreSQL, Solr and Redis."""
    services = {_place(tk.config[key]) for key in ("solr_url", "ckan.redis.url")}
    seen: list[tuple[str, int]] = []
    watching = [True]

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if not watching or event != "socket.connect" or not isinstance(args[1], tuple):
            return
        if args[1][:2] not in services:
            seen.append(args[1][:2])

    sys.addaudithook(hook)
    yield seen
    watching.clear()


def _place(url: str) -> tuple[str, int]:
    parts = requests.utils.urlparse(url)
    return socket.gethostbyname(parts.hostname), parts.port


Harvest = Callable[..., "Harvested"]


class Harvested:
    """What became of a run: what it complains about, and the datasets it made."""

    def __init__(self, job: HarvestJob) -> None:
        gathering = model.Session.query(HarvestGatherError).filter_by(harvest_job_id=job.id)
        loading = model.Session.query(HarvestObjectError).all()
        self.errors = "\n".join(str(error.message) for error in [*gathering, *loading])
        search = tk.get_action("package_search")({"ignore_auth": True}, {"q": "*:*"})
        self.titles = sorted(one["title"] for one in search["results"])


@pytest.fixture
def harvest(portal) -> Harvest:
    """Run a stock source once."""

    def run(kind: str, url: str, **config: Any) -> Harvested:
        by = {"user": portal["user"], "organisation": portal["org"]}
        return Harvested(stock.run(stock.source(kind, url, **by, **config), portal["user"]))

    return run


def ckan_answers(server: FaultServer, title: str = "Trees") -> None:
    """Let the server be a CKAN with one dataset."""
    one = {"id": "1", "name": "trees", "title": title, "notes": "All", "resources": [], "tags": [],
           "extras": [], "state": "active", "metadata_modified": "2026-01-01T00:00:00"}  # fmt: skip
    page = json.dumps({"success": True, "result": {"count": 1, "results": [one]}}).encode()
    empty = json.dumps({"success": True, "result": {"count": 1, "results": []}}).encode()
    kind = "application/json"
    pages = in_turn(answer(200, page, content_type=kind), answer(200, empty, content_type=kind))
    server.on("/api/3/action/package_search", pages)


WAYS = {
    "ckan": "",
    "dcat_rdf": "/catalog.ttl",
    "dcat_json": "/data.json",
    "waf": "/waf/",
    "csw": "/csw",
    "single-doc": "/doc.xml",
}


@pytest.mark.parametrize("kind", WAYS)
def test_a_source_inside_the_network_is_refused_in_the_job(kind, server, harvest, opened):
    for host in (f"127.0.0.1:{server.port}", "169.254.169.254", "[::1]", "localhost", "10.0.0.1"):
        done = harvest(kind, f"http://{host}{WAYS[kind]}")
        assert "ckanext.municipal.http.allow" in done.errors, (host, done.errors)
    assert server.hits == 0
    assert opened == []


def test_what_the_operator_allows_is_harvested_from_ckan(allowed, harvest):
    ckan_answers(allowed)
    done = harvest("ckan", allowed.url(""))
    assert done.errors == ""
    assert done.titles == ["Trees"]


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [("catalog.ttl", "text/turtle", TURTLE), ("catalog.rdf", "application/rdf+xml", RDF_XML)],
)
def test_what_the_operator_allows_is_harvested_from_dcat(allowed, harvest, name, kind, body):
    url = allowed.on(f"/{name}", answer(200, body.encode(), content_type=kind))
    done = harvest("dcat_rdf", url)
    assert done.errors == ""
    assert done.titles == ["Trees"]


def test_what_the_operator_allows_is_harvested_from_dcat_json(allowed, harvest):
    body = json.dumps(DCAT_JSON).encode()
    pages = in_turn(answer(200), answer(200, body), answer(404))
    harvest("dcat_json", allowed.on("/data.json", pages))
    assert json.loads(model.Session.query(queue.HarvestObject).one().content)["title"] == "Trees"


def test_a_compressed_catalogue_is_unpacked_once(allowed, harvest):
    packed = gzip.compress(TURTLE.encode())
    behaviour = answer(200, packed, content_type="text/turtle", content_encoding="gzip")
    assert harvest("dcat_rdf", allowed.on("/catalog.ttl", behaviour)).titles == ["Trees"]


def test_a_redirect_inside_is_refused(allowed, harvest, opened):
    with FaultServer() as inside:
        inside.on("/secret", answer(200, TURTLE.encode()))
        for number, to in enumerate(
            [inside.url("/secret"), "http://169.254.169.254/", "file:///x"]
        ):
            done = harvest("dcat_rdf", allowed.on(f"/{number}.ttl", redirect(to)))
            assert done.errors
        assert inside.hits == 0
    assert {port for _, port in opened} == {allowed.port}


def test_the_key_of_a_portal_goes_to_that_portal_alone(allowed, harvest, ckan_config, monkeypatch):
    with FaultServer() as other:
        both = f"{allowed.allow} {other.allow}"
        monkeypatch.setitem(ckan_config, "ckanext.municipal.http.allow", both)
        to = other.on("/api/3/action/package_search", answer(200, b'{"result": {"results": []}}'))
        allowed.on("/api/3/action/package_search", redirect(to))
        harvest("ckan", allowed.url(""), api_key="the-key-of-the-portal")
        assert allowed.requests[0].headers["authorization"] == "the-key-of-the-portal"
        assert "authorization" not in other.requests[0].headers


@pytest.mark.parametrize("kind", ["dcat_rdf", "dcat_json"])
def test_no_local_file_is_opened(kind, harvest, tmp_path, opened):
    local = tmp_path / "catalog.ttl"
    local.write_text(TURTLE)
    (tmp_path / "httpcatalog.ttl").write_text(TURTLE)
    read = _watch_files(tmp_path)
    for url in (
        str(local),
        local.as_uri(),
        "httpcatalog.ttl",
        f"HTTP{local}",
        "gopher://x/",
        "data:text/turtle,x",
    ):
        done = harvest(kind, url)
        assert done.errors, url
        assert done.titles == []
    assert read == []
    assert opened == []


def _watch_files(folder: Path) -> list[str]:
    read: list[str] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and str(args[0]).startswith(str(folder)):
            read.append(str(args[0]))

    sys.addaudithook(hook)
    return read


def test_the_next_page_of_a_catalogue_is_checked_like_the_first(allowed, harvest, tmp_path, opened):
    local = tmp_path / "next.ttl"
    local.write_text(TURTLE.replace("/d/1", "/d/2"))
    read = _watch_files(tmp_path)
    for number, to in enumerate([local.as_uri(), str(local), "http://169.254.169.254/next"]):
        body = TURTLE + HYDRA.format(here="https://example.org/c", next=to)
        page = answer(200, body.encode(), content_type="text/turtle")
        done = harvest("dcat_rdf", allowed.on(f"/{number}.ttl", page))
        assert done.errors, to
    assert read == []
    assert {port for _, port in opened} == {allowed.port}


def test_pages_that_lead_in_a_circle_end(allowed, harvest):
    for here, to in (("/a.ttl", "/b.ttl"), ("/b.ttl", "/a.ttl")):
        body = TURTLE.replace("/d/1", f"/d{here}") + HYDRA.format(
            here=allowed.url(here), next=allowed.url(to)
        )
        allowed.on(here, answer(200, body.encode(), content_type="text/turtle"))
    done = harvest("dcat_rdf", allowed.url("/a.ttl"))
    assert "comes again as the next page" in done.errors
    assert len(allowed.requests) <= 6


@pytest.mark.parametrize("kind", ["ckan", "dcat_rdf", "dcat_json"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (endless, "larger than"),
        (lambda: answer(200, gzip_bomb(1024), content_encoding="gzip"), "more than 100 times"),
        (lambda: slow(b"x" * 10_000), "no answer within"),
        (lambda: answer(500, b"a trace of the server: secret"), "500"),
    ],
    ids=["endless", "bomb", "slow", "error"],
)
def test_limits_hold_for_stock_harvesters(
    kind, fault, said, allowed, harvest, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckanext.municipal.http.seconds", 3)
    url = allowed.url("" if kind == "ckan" else "/c")
    head = answer(200)
    behaviour = fault()

    def behave(exchange: Any) -> Any:
        return (head if exchange.request.method == "HEAD" else behaviour)(exchange)

    allowed.on("/c", behave)
    allowed.on("/api/3/action/package_search", behave)
    done = harvest(kind, url)
    assert said in done.errors
    assert "secret" not in done.errors
    assert done.titles == []


def test_the_proxy_of_resources_asks_no_address_inside(server, portal, ckan_config, monkeypatch):
    from ckanext.resourceproxy.blueprint import proxy_resource

    server.on("/a.json", answer(200, b'{"a": 1}', content_type="application/json"))
    resources = [{"name": "a", "url": server.url("/a.json"), "format": "JSON"}]
    limits = {"max_file_size": 1_000_000, "chunk_size": 4096, "timeout": 5}
    for option, value in limits.items():
        monkeypatch.setitem(ckan_config, f"ckan.resource_proxy.{option}", value)
    asked = {"resource_id": factories.Dataset(resources=resources)["resources"][0]["id"]}
    app = _get_test_app().flask_app
    with app.test_request_context(), pytest.raises(HTTPException) as caught:
        proxy_resource({}, asked)
    assert caught.value.code == 502
    assert server.hits == 0
    monkeypatch.setitem(ckan_config, "ckanext.municipal.http.allow", server.allow)
    with app.test_request_context():
        assert proxy_resource({}, asked).get_data() == b'{"a": 1}'


def test_every_enabled_harvester_is_guarded(portal):
    assert list(outgoing.unguarded_harvesters()) == []
    assert {result.check.id: result.state for result in doctor.examine()}["outgoing"] == "ok"


# Modules of CKAN and its extensions that ask a network, unguarded, and why they may: none asks an
# address that a publisher, a harvested document or a visitor gave.
OPERATORS_OWN = {
    "ckan.lib.captcha": "reCAPTCHA's fixed address",
    "ckan.lib.mailer": "the operator's mail server",
    "ckan.lib.search.__init__": "Solr",
    "ckan.lib.search.index": "Solr; no more than its error",
    "ckan.logic.action.create": "the mail server's error",
    "ckan.logic.action.get": "Solr's error",
    "ckan.model.license": "the operator's option licenses_group_url",
    "ckanext.datapusher.logic.action": "the operator's DataPusher, which downloads by itself: see the doctor",
    "ckanext.scheming.plugins": "the operator's option scheming.dataset_schemas",
}


def test_every_module_that_asks_is_guarded_or_asks_what_the_operator_set():
    """What the installed stack's source says, so that a new release that asks elsewhere is noticed."""
    root = Path(next(iter(__import__("ckan").__path__))).parent
    asking = set()
    for path in [*root.glob("ckan/**/*.py"), *root.glob("ckanext/**/*.py")]:
        inside = path.relative_to(root).with_suffix("").parts
        ours = "tests" in inside or inside[1] == "municipal"
        if not ours and outgoing._ASKING.search(path.read_text("utf-8")):
            asking.add(".".join(inside))
    assert len(asking) > 10
    known = set(outgoing.STOCK) | set(OPERATORS_OWN)
    assert asking <= known, asking - known


def test_plugins_that_download_by_themselves_are_told_by_the_doctor(portal, monkeypatch):
    monkeypatch.setattr("ckanext.municipal.harvest.doctor.plugin_loaded", {"xloader"}.__contains__)
    [result] = [one for one in doctor.examine() if one.check.id == "outgoing"]
    assert ["xloader" in finding.message("en") for finding in result.findings] == [True]
    monkeypatch.setitem(tk.config, "ckan.download_proxy", "http://proxy.example:3128")
    [result] = [one for one in doctor.examine() if one.check.id == "outgoing"]
    assert result.findings == ()


def test_solr_is_asked_as_always(portal):
    import pysolr

    assert pysolr.requests is requests


def test_a_harvester_that_asks_by_itself_is_told_by_the_doctor(portal, tmp_path, monkeypatch):
    (tmp_path / "lone_harvester.py").write_text(
        "import requests\nfrom ckan.plugins import SingletonPlugin, implements\n"
        "from ckanext.harvest.interfaces import IHarvester\n"
        "class Lone(SingletonPlugin):\n    implements(IHarvester)\n"
        "    def info(self):\n        return {'name': 'lone', 'title': '', 'description': ''}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    from lone_harvester import Lone  # pyright: ignore[reportMissingImports]

    monkeypatch.setattr(outgoing, "PluginImplementations", lambda _: [Lone()])
    assert list(outgoing.unguarded_harvesters()) == [("lone", "lone_harvester")]
    monkeypatch.setitem(tk.config, "ckanext.municipal.http.modules", "lone_harvester")
    outgoing.guard()
    assert list(outgoing.unguarded_harvesters()) == []
    with pytest.raises(requests.ConnectionError, match=r"http\.allow"):
        sys.modules["lone_harvester"].requests.get("http://127.0.0.1/")
