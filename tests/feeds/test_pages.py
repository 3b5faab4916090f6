"""The catalogue in pages and dataset by dataset, over HTTP."""

from __future__ import annotations

import gzip
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from lxml import etree
from pyoxigraph import RdfFormat, parse
from rdflib import Graph
from rdflib.namespace import DCAT, RDF

from ckanext.municipal.feeds.forms import EXTENSIONS, FORMS
from tests.feeds.portal import SITE, call, change, create, delete, harvest, path, settle

pytestmark = pytest.mark.usefixtures("fresh_site")

READERS = {
    "turtle": RdfFormat.TURTLE,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "ntriples": RdfFormat.N_TRIPLES,
}


@pytest.fixture
def two_a_page(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", 2)


def uri(dataset: dict[str, Any]) -> str:
    return f"{SITE}/dataset/{dataset['id']}"


def listed(app: Any, query: str = "", **options: Any) -> set[str]:
    """The datasets of the first page, by name of the example file that they tell of."""
    graph = Graph().parse(data=app.get(f"/catalog.nt{query}", **options).body, format="nt")
    of = {str(dataset): distribution for dataset, distribution in graph[: DCAT.distribution]}
    urls = {name: str(next(graph[of[name] : DCAT.accessURL])) for name in of}
    assert set(of) == set(map(str, graph[: RDF.type : DCAT.Dataset]))
    return {url.removeprefix("https://example.org/").removesuffix(".csv") for url in urls.values()}


def ask(app: Any, url: str, method: str = "GET", **headers: str) -> Any:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().open(url, method=method, headers=told, follow_redirects=False)


def test_pages_hang_together_and_tell_of_every_dataset_once(app: Any, two_a_page: None):
    made = {uri(create(f"d{n}")) for n in range(5)}
    settle()
    for form in EXTENSIONS:
        pages = list(harvest(app, f"/catalog.{form}", form))
        assert [len(page) for page in pages] == [2, 2, 1]
        assert {each for page in pages for each in page} == made


def test_every_form_says_the_same_to_strict_readers(app: Any):
    create(
        "spending",
        notes_translated={"el": "<b>&amp;</b> \x0b ]]> €", "en": "\ufffe \U0001f3db"},
    )
    create("water")
    settle()
    graphs = []
    for form in FORMS[:4]:
        body = app.get(f"/catalog.{form.extension}").body.encode()
        if form.name == "rdfxml":
            etree.fromstring(body)
        said = {quad.triple for quad in parse(body, format=READERS[form.name])}
        assert {q.triple for q in parse(body, format=READERS[form.name])} == said
        graphs.append({str(t).replace(f"catalog.{form.extension}", "catalog.") for t in said})
    assert graphs[0] == graphs[1] == graphs[2] == graphs[3]


def test_both_dialects_of_hydra_link_by_iri_and_count(app: Any, two_a_page: None):
    for n in range(5):
        create(f"d{n}")
    settle()
    body = app.get("/catalog.nt?page=2").body
    own, hydra = f"<{SITE}/catalog.nt?page=2>", "http://www.w3.org/ns/hydra/core#"
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    for kind in ("PagedCollection", "PartialCollectionView"):
        assert f"{own} <{RDF.type}> <{hydra}{kind}> ." in body
    for name, page in (("first", 1), ("last", 3), ("previous", 1)):
        for term in (name, f"{name}Page"):
            assert f"{own} <{hydra}{term}> <{SITE}/catalog.nt?page={page}> ." in body
    for term in ("next", "nextPage"):
        assert f"{own} <{hydra}{term}> <{SITE}/catalog.nt?page=3&after=" in body
    assert f'{own} <{hydra}totalItems> "5"{integer}' in body
    assert f'{own} <{hydra}itemsPerPage> "2"{integer}' in body


def test_a_page_says_who_publishes_the_catalogue_and_links_its_datasets(app: Any):
    made = create("spending")
    settle()
    body = app.get("/catalog.nt").body
    for term in ("title", "description", "publisher", "license", "language"):
        assert f"<{SITE}> <http://purl.org/dc/terms/{term}> " in body
    assert f"<{SITE}> <{DCAT.dataset}> <{uri(made)}> ." in body


def test_what_is_not_public_is_in_no_page_and_no_count(app: Any):
    department = factories.Organization()
    create("shown")
    hidden = [
        create("private", owner_org=department["id"], private=True),
        create("draft", state="draft"),
        create("deleted"),
    ]
    call(
        "package_create",
        name="source",
        type="harvest",
        title="Source",
        url="https://example.org/",
        source_type="dcat_rdf",
        private=False,
        owner_org=department["id"],
    )
    delete("deleted")
    settle()
    assert listed(app) == {"shown"}
    assert '"1"^^' in next(
        line for line in app.get("/catalog.nt").body.splitlines() if "totalItems" in line
    )
    for dataset in hidden:
        for reference in (dataset["id"], dataset["name"]):
            app.get(f"/dataset/{reference}.ttl", status=404)


def test_a_dataset_made_private_is_out_before_the_worker_knows(app: Any):
    department = factories.Organization()
    made = create("spending", owner_org=department["id"])
    settle()
    before = ask(app, "/catalog.nt")
    change("spending", private=True)
    assert listed(app) == set()
    assert ask(app, "/catalog.nt", If_None_Match=before.headers["ETag"]).status_code == 200
    assert ask(app, f"/dataset/{made['id']}.ttl").status_code == 410
    assert ask(app, "/dataset/spending.ttl").status_code == 404
    assert made["id"] not in gunzipped(ask(app, "/catalog-full.nt"))


def gunzipped(answer: Any) -> str:
    zipped = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.data) if zipped else answer.data).decode()


def test_a_dataset_is_found_by_id_and_name_in_every_form(app: Any):
    made = create("spending")
    settle()
    for extension in EXTENSIONS:
        by_id = app.get(f"/dataset/{made['id']}.{extension}")
        assert by_id.body == app.get(f"/dataset/spending.{extension}").body
        assert by_id.headers["Content-Location"].startswith(uri(made))
    assert by_id.body == app.get(f"/dataset_series/{made['id']}.n3").body


def test_one_removed_is_told_to_be_gone(app: Any):
    made = create("spending")
    settle()
    delete("spending")
    settle()
    answer = app.get(f"/dataset/{made['id']}.ttl", status=410)
    assert "/feeds/deleted.json" in answer.body
    assert app.get("/dataset/spending.ttl", status=404)


def test_parts_of_the_catalogue_are_asked_for_by_what_records_say(app: Any):
    department = factories.Organization(name="finance")
    factories.Group(name="budget-and-finance")
    create("spending", owner_org=department["id"], theme=["ENVI"])
    create("water", groups=[{"name": "budget-and-finance"}])
    air = create("air")
    settle()
    high_value = "UPDATE municipal_feed_record SET hvd = true WHERE dataset_id = :id"
    model.Session.execute(sa.text(high_value), {"id": air["id"]})
    model.Session.commit()
    assert listed(app) == {"spending", "water", "air"}
    assert listed(app, "?organization=finance") == {"spending"}
    assert listed(app, f"?organization={department['id']}") == {"spending"}
    assert listed(app, "?group=budget-and-finance") == {"water"}
    assert listed(app, "?theme=ENVI") == {"spending"}
    assert listed(app, "?organization=finance&group=budget-and-finance") == set()
    assert listed(app, "?q=water") == {"water"}
    assert listed(app, "?fq=organization:finance") == {"spending"}
    assert listed(app, "?q=*:*&organization=finance") == {"spending"}
    assert listed(app, "?hvd=true") == {"air"}


def test_what_changed_since_a_moment_is_asked_for_by_the_change_of_its_record(app: Any):
    department = factories.Organization(name="finance")
    create("spending", owner_org=department["id"])
    create("water")
    settle()
    as_of = app.get("/feeds/deleted.json").json["as_of"]
    assert listed(app, f"?modified_since={as_of.replace('+', '%2B')}") <= {"spending", "water"}
    call("organization_patch", id="finance", title_translated={"el": "Χρήμα", "en": "Money"})
    settle()
    late = app.get("/feeds/deleted.json").json["as_of"]
    assert late > as_of
    assert listed(app, f"?modified_since={late.replace('+', '%2B')}") == {"spending"}
    assert listed(app, "?modified_since=2999-01-01") == set()


def test_a_search_goes_on_over_pages_with_its_words(app: Any, two_a_page: None):
    made = {
        uri(create(f"d{n}", tags=[{"name": "νερό & αέρας".replace("&", "-")}])) for n in range(5)
    }
    create("other")
    settle()
    for query in ("q=νερό", 'fq=tags:"νερό - αέρας"', "q=Title&fq=-name:other"):
        pages = list(harvest(app, f"/catalog.rdf?{query}", "xml"))
        assert [len(page) for page in pages] == [2, 2, 1], query
        assert {each for page in pages for each in page} == made


def test_removals_are_told_as_json_since_a_moment_in_order(app: Any, monkeypatch: Any):
    monkeypatch.setattr("ckanext.municipal.feeds.views.DELETIONS_AT_ONCE", 2)
    made = [create(f"d{n}") for n in range(5)]
    settle()
    for name in ("d3", "d1", "d4"):
        delete(name)
        settle()
    first = app.get("/feeds/deleted.json").json
    assert [each["uri"] for each in first["deleted"]] == [uri(made[3]), uri(made[1])]
    rest = app.get(path(first["next"])).json
    assert [each["id"] for each in rest["deleted"]] == [made[4]["id"]]
    assert rest["next"] is None
    since = rest["deleted"][0]["deleted"].replace("+", "%2B")
    assert app.get(f"/feeds/deleted.json?deleted_since={since}").json["deleted"] == rest["deleted"]
    assert since.replace("%2B", "+") == rest["as_of"]
    assert app.get("/feeds/deleted.json?deleted_since=2999-01-01").json["deleted"] == []


def test_what_comes_back_was_not_removed(app: Any):
    made = create("spending")
    settle()
    delete("spending")
    settle()
    assert [each["id"] for each in app.get("/feeds/deleted.json").json["deleted"]] == [made["id"]]
    change(made["id"], state="active")
    settle()
    assert app.get("/feeds/deleted.json").json["deleted"] == []
    assert listed(app) == {"spending"}


ADDRESSES = (
    *(f"/catalog.{extension}" for extension in EXTENSIONS),
    *("/catalog", "/catalog-full.ttl", "/catalog-full.rdf.gz", "/feeds/deleted.json"),
    *("/dataset/spending.ttl", "/catalog.ttl?q=spending"),
)


def test_head_is_get_without_the_body_and_anyone_may_read(app: Any):
    create("spending")
    settle()
    for url, encoding in product(ADDRESSES, ("identity", "gzip")):
        got = ask(app, url, Accept_Encoding=encoding)
        head = ask(app, url, "HEAD", Accept_Encoding=encoding)
        assert (got.status_code, head.status_code) == (200, 200), url
        assert got.data
        assert not head.data
        # How long a whole catalogue is, is known when it has been sent.
        varying = ("Date", "Content-Length") if "full" in url else ("Date",)
        assert kept(head, varying) == kept(got, varying), url
        assert got.headers["Access-Control-Allow-Origin"] == "*"
        assert got.headers["ETag"]
        assert "Set-Cookie" not in got.headers
        options = ask(app, url, "OPTIONS", Origin="https://example.org")
        assert options.status_code == 200
        assert options.headers["Access-Control-Allow-Origin"] == "*"


def kept(answer: Any, without: tuple[str, ...]) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in answer.headers if name not in without)


def test_who_has_it_already_gets_304_until_something_changes(app: Any):
    create("spending")
    settle()
    firsts = {url: ask(app, url) for url in ADDRESSES}
    for url, first in firsts.items():
        assert ask(app, url).data == first.data, "the same bytes while nothing changed"
        tag = first.headers["ETag"]
        zipped = ask(app, url, Accept_Encoding="gzip")
        if zipped.headers.get("Content-Encoding"):
            assert gzip.decompress(zipped.data) == first.data
            assert zipped.headers["ETag"] != tag
        for said in (tag, f"W/{tag}", "*", f'"x", {tag}', zipped.headers["ETag"]):
            answer = ask(app, url, If_None_Match=said)
            assert (answer.status_code, answer.data) == (304, b""), (url, said)
            assert answer.headers["ETag"] == tag
    change("spending", title_translated={"el": "Άλλος", "en": "spending another"})
    settle()
    for url, first in firsts.items():
        assert ask(app, url, If_None_Match=first.headers["ETag"]).status_code == 200, url
        assert "deleted" in url or ask(app, url).data != first.data, url


def test_a_date_sent_back_never_hides_a_change_of_the_same_second(app: Any):
    create("spending")
    settle()
    for n in range(3):
        answer = ask(app, "/catalog.ttl")
        change("spending", version=str(n))
        settle()
        since = answer.headers["Last-Modified"]
        assert ask(app, "/catalog.ttl", If_Modified_Since=since).status_code == 200


def test_a_date_sent_back_is_enough_once_the_second_is_over(app: Any):
    create("spending")
    settle()
    earlier = "UPDATE municipal_feed_record SET changed = changed - interval '1 year'"
    model.Session.execute(sa.text(earlier))
    model.Session.commit()
    since = ask(app, "/dataset/spending.ttl").headers["Last-Modified"]
    assert ask(app, "/dataset/spending.ttl", If_Modified_Since=since).status_code == 304


def test_people_and_harvesters_share_addresses(app: Any):
    made = create("spending")
    settle()
    for url in ("/", "/dataset/spending", f"/dataset/{made['id']}"):
        page = ask(app, url, Accept="text/html,application/xhtml+xml,*/*;q=0.8")
        assert page.mimetype == "text/html"
        assert "Accept" in page.headers["Vary"]
        for form in FORMS:
            answer = ask(app, url, Accept=form.media_type)
            assert answer.mimetype == form.media_type
            assert uri(made) in gunzipped(answer)
            assert "Accept" in answer.headers["Vary"]
    assert ask(app, "/catalog", Accept="application/rdf+xml").mimetype == "application/rdf+xml"
    assert ask(app, "/catalog").mimetype == "text/turtle"
    assert ask(app, "/catalog", Accept="image/png").status_code == 406
    assert ask(app, "/catalog", Accept="text/html").status_code == 303


def test_signed_in_people_get_what_everybody_gets(app: Any, browse: Any):
    create("spending")
    create("own", owner_org=factories.Organization()["id"], private=True)
    settle()
    user = factories.Sysadmin(password="correct123")
    assert browse(user).get("/catalog.jsonld").data == ask(app, "/catalog.jsonld").data
