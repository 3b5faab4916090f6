"""Who harvests by OAI-PMH has what the catalogue has, deletions too, whole or only what is new."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from ckanext.municipal.feeds.oai.requests import ARGUMENTS, VERBS
from tests.feeds.oai_answers import DC_ROOT, OAI, Harvester, answer, codes, records
from tests.feeds.portal import change, create, delete, settle
from tests.feeds.test_pages_while_edited import BySql, City

LIST = {"verb": "ListRecords", "metadataPrefix": "dcat_ap"}


@pytest.fixture(autouse=True)
def small_lists(fresh_site: None, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", 3)
    monkeypatch.setitem(ckan_config, "ckanext.municipal.feeds.deletion_share", 1)


def catalogue() -> dict[str, frozenset[Any]]:
    """What each dataset says, by its id."""
    rows = model.Session.execute(
        sa.text(
            "SELECT dataset_id, ntriples FROM municipal_feed_record"
            " WHERE state = 'public' AND NOT hidden"
        )
    )
    return {
        id_: frozenset(quad.triple for quad in parse(bytes(said), format=RdfFormat.N_TRIPLES))
        for id_, said in rows
    }


def fill(number: int) -> list[str]:
    ids = [BySql().create(each) for each in range(number)]
    settle()
    return ids


def age(**ages: int) -> None:
    """Let records be as old as some hours, by their ids."""
    for id_, hours in ages.items():
        model.Session.execute(
            sa.text(
                "UPDATE municipal_feed_record SET changed = now() - :hours * interval '1 hour'"
                " WHERE dataset_id = :id"
            ),
            {"hours": hours, "id": id_.removeprefix("_").replace("_", "-")},
        )
    model.Session.commit()


def set_specs(root: Any) -> dict[str, str]:
    return {
        each.findtext(f"{OAI}setSpec"): each.findtext(f"{OAI}setName")
        for each in root.iter(f"{OAI}set")
    }


def test_it_says_what_it_is(app: Any):
    create("spending")
    settle()
    (told,) = Harvester(app).ask(verb="Identify").findall(f"{OAI}Identify")
    said = {each.tag.removeprefix(OAI): each.text for each in told}
    assert said["baseURL"] == "http://test.ckan.net/oai"
    assert (said["deletedRecord"], said["granularity"]) == ("persistent", "YYYY-MM-DDThh:mm:ssZ")
    (record,) = Harvester(app).harvest()
    assert said["earliestDatestamp"] <= record.datestamp


def test_a_record_is_there_in_both_formats_and_told_by_its_identifier(app: Any):
    id_ = create("spending")["id"]
    settle()
    identifier = f"oai:test.ckan.net:{id_}"
    reader = Harvester(app)
    (record,) = records(
        reader.ask(verb="GetRecord", metadataPrefix="dcat_ap", identifier=identifier)
    )
    assert (record.identifier, record.said) == (identifier, catalogue()[id_])
    root = reader.ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    (dc,) = root.find(f".//{OAI}metadata")
    assert dc.tag == DC_ROOT
    assert "Title spending" in [each.text for each in dc]
    formats = reader.ask(verb="ListMetadataFormats", identifier=identifier)
    prefixes = [each.text for each in formats.iter(f"{OAI}metadataPrefix")]
    assert prefixes == ["dcat_ap", "oai_dc"]


def test_a_list_is_told_in_parts_that_make_all_of_it(app: Any):
    ids = fill(8)
    reader = Harvester(app)
    parts = list(reader.pages(metadataPrefix="dcat_ap"))
    assert [len(records(part)) for part in parts] == [3, 3, 2]
    tokens = [part.find(f".//{OAI}resumptionToken") for part in parts]
    assert [(each.get("completeListSize"), each.get("cursor")) for each in tokens] == [
        *(("8", "0"), ("8", "3"), ("8", "6")),
    ]
    assert tokens[2].text is None
    headers = list(reader.pages(verb="ListIdentifiers", metadataPrefix="oai_dc"))
    told = [each.text for part in headers for each in part.iter(f"{OAI}identifier")]
    assert told == [record.identifier for part in parts for record in records(part)]
    assert {each.rpartition(":")[2] for each in told} == set(ids)
    assert list(headers[0].iter(f"{OAI}metadata")) == []


def test_what_is_deleted_or_made_private_is_told_so_for_good(app: Any):
    first, second, third = fill(3)
    reader = Harvester(app)
    reader.harvest()
    BySql().delete(first)
    settle()
    BySql().hide(second, True)  # and no worker ran
    reader.since = ""
    told = {record.dataset_id: record.said for record in reader.harvest()}
    assert (told[first], told[second]) == (None, None)
    assert set(reader.mirror) == {third}
    settle()
    told = {record.dataset_id: record.said for record in Harvester(app).harvest()}
    assert (told[first], told[second]) == (None, None)
    root = reader.ask(
        verb="GetRecord", metadataPrefix="oai_dc", identifier=f"oai:test.ckan.net:{second}"
    )
    assert root.find(f".//{OAI}header").get("status") == "deleted"


def test_what_was_never_public_is_not_known(app: Any):
    parks = factories.Organization(name="parks")["id"]
    id_ = create("secret", private=True, owner_org=parks)["id"]
    settle()
    reader = Harvester(app)
    identifier = f"oai:test.ckan.net:{id_}"
    found = reader.ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    assert codes(found) == ["idDoesNotExist"]
    assert codes(reader.ask(**LIST)) == ["noRecordsMatch"]
    assert "organization:parks" not in set_specs(reader.ask(verb="ListSets"))


def test_only_what_is_new_is_told_since_a_moment(app: Any):
    fill(5)
    reader = Harvester(app)
    assert len(reader.harvest()) == 5
    old = {f"_{id_.replace('-', '_')}": 5 for id_ in reader.mirror}
    age(**old)
    first, second, *_ = sorted(reader.mirror)
    BySql().edit(first, 1)
    BySql().delete(second)
    settle()
    assert {record.dataset_id for record in reader.harvest()} == {first, second}
    assert reader.mirror == catalogue()


def test_a_period_holds_both_its_ends(app: Any):
    ids = fill(3)
    model.Session.execute(
        sa.text(
            "UPDATE municipal_feed_record SET changed = CASE dataset_id"
            " WHEN :a THEN timestamptz '2026-01-30T23:59:59.999Z'"
            " WHEN :b THEN timestamptz '2026-01-31T00:00:00.5Z'"
            " ELSE timestamptz '2026-02-01T00:00:00Z' END"
        ),
        {"a": ids[0], "b": ids[1]},
    )
    model.Session.commit()

    def told(**period: str) -> set[int]:
        root = Harvester(app).ask(**LIST, **{n.rstrip("_"): text for n, text in period.items()})
        return {ids.index(record.dataset_id) for record in records(root)}

    assert told(from_="2026-01-31") == {1, 2}
    assert told(until="2026-01-31") == {0, 1}
    assert told(from_="2026-01-31", until="2026-01-31") == {1}
    assert told(from_="2026-01-31T00:00:00Z", until="2026-01-31T00:00:00Z") == {1}
    assert told(from_="2026-01-30T23:59:59Z", until="2026-01-30T23:59:59Z") == {0}
    assert told(from_="2026-01-31T00:00:01Z") == {2}
    assert told(from_="2026-02-02") == set()


def test_sets_are_departments_and_themes(app: Any):
    parks = factories.Organization(name="parks", title="Parks and gardens")["id"]
    environment = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
    trees = create("trees", owner_org=parks, theme=[environment])["id"]
    create("spending")
    settle()
    reader = Harvester(app)
    named = set_specs(reader.ask(verb="ListSets"))
    assert named["organization:parks"] == "Parks and gardens"
    assert set(named) == {"organization", "organization:parks", "theme", "theme:ENVI"}
    for spec in named:
        (record,) = records(reader.ask(**LIST, set=spec))
        assert (record.dataset_id, record.sets) == (trees, ("organization:parks", "theme:ENVI"))
    for spec in ("organization:nobody", "theme:TRAN", "group", "group:parks"):
        assert codes(reader.ask(**LIST, set=spec)) == ["noRecordsMatch"]
    delete("trees")
    settle()
    (gone,) = records(reader.ask(**LIST, set="organization:parks"))
    assert gone.said is None


def test_a_mirror_equals_the_catalogue_whatever_happens_between_two_answers(app: Any):
    """Nothing is lost, nothing told twice in one version, nothing wrongly deleted."""
    city, reader = City(Random(11), BySql()), Harvester(app)
    for _ in range(10):
        city.begin()
        reader.since = ""
        told = reader.harvest(lambda: city.work(city.random.randrange(3)))
        read = [(record.dataset_id, record.datestamp, record.said) for record in told]
        assert len(read) == len(set(read))
        assert city.stayed <= set(reader.mirror)
        settle()
        reader.harvest()
        assert reader.mirror == catalogue()
        assert set(reader.mirror) == city.public


@pytest.mark.slow
def test_a_mirror_loses_and_keeps_nothing_in_a_thousand_harvests(
    app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", 10)
    city, reader = City(Random(12), BySql()), Harvester(app)
    for _ in range(1_000):
        city.begin()
        reader.harvest(lambda: city.work(city.random.randrange(3)))
        settle()
        reader.harvest()
        assert set(reader.mirror) == city.public
    assert reader.mirror == catalogue()


def test_a_list_that_is_resumed_after_everything_left_its_period_has_its_code(app: Any):
    ids = fill(4)
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    reader = Harvester(app)
    (token,) = reader.ask(**LIST, until=today).iter(f"{OAI}resumptionToken")
    model.Session.execute(
        sa.text("UPDATE municipal_feed_record SET changed = now() + interval '2 days'")
    )
    model.Session.commit()
    assert len(ids) == 4
    resumed = reader.ask(verb="ListRecords", resumptionToken=token.text)
    assert codes(resumed) == ["noRecordsMatch"]


@pytest.mark.parametrize(
    ("asked", "code", "repeated"),
    [
        ({"verb": "Nothing"}, "badVerb", {}),
        ({"verb": "ListRecords"}, "badArgument", {}),
        ({**LIST, "metadataPrefix": "marc"}, "cannotDisseminateFormat", None),
        ({"verb": "ListRecords", "resumptionToken": "junk"}, "badResumptionToken", None),
        ({**LIST, "until": "1990-01-01"}, "noRecordsMatch", None),
        ({"verb": "ListMetadataFormats", "identifier": "x"}, "idDoesNotExist", None),
        (
            {"verb": "GetRecord", "metadataPrefix": "dcat_ap", "identifier": "oai:elsewhere:1"},
            *("idDoesNotExist", None),
        ),
    ],
)
def test_what_cannot_be_answered_has_its_code_and_repeats_what_was_asked(
    app: Any, asked: dict[str, str], code: str, repeated: dict[str, str] | None
):
    root = Harvester(app).ask(**asked)
    assert codes(root) == [code]
    assert dict(root.find(f"{OAI}request").attrib) == (asked if repeated is None else repeated)
    assert root.findtext(f"{OAI}error")


def test_get_post_and_head_say_the_same(app: Any):
    fill(2)
    client = app.test_client()
    get = client.get("/oai", query_string=LIST)
    post = client.post("/oai", data=LIST)
    assert without_date(post.data) == without_date(get.data)
    head = client.head("/oai", query_string=LIST)
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(get.headers)
    assert codes(answer(client.post("/oai", json=LIST).data)) == ["badVerb"]


def without_date(body: bytes) -> bytes:
    start, rest = body.split(b"<responseDate>")
    return start + rest.partition(b"</responseDate>")[2]


def test_an_unchanged_list_is_304_and_gzip_and_cors_are_as_for_every_feed(app: Any):
    fill(2)
    client = app.test_client()
    get = client.get("/oai", query_string=LIST)
    tag = get.headers["ETag"]
    assert tag.startswith('W/"')
    same = client.get("/oai", query_string=LIST, headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    assert client.post("/oai", data=LIST, headers={"If-None-Match": tag}).status_code == 200
    BySql().create(9)
    settle()
    changed = client.get("/oai", query_string=LIST, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    zipped = client.get("/oai", query_string=LIST, headers={"Accept-Encoding": "gzip"})
    assert without_date(gzip.decompress(zipped.data)) == without_date(changed.data)
    assert get.headers["Access-Control-Allow-Origin"] == "*"


def test_the_moment_of_an_answer_is_one_after_which_nothing_was_overlooked(app: Any):
    """A change whose transaction is still under way gets a moment before its commit."""
    fill(1)
    root = Harvester(app).ask(verb="Identify")
    told = datetime.fromisoformat(root.findtext(f"{OAI}responseDate"))
    assert 5 <= (datetime.now(UTC) - told).total_seconds() < 30


def test_harvesters_that_repeat_verb_and_prefix_beside_the_token_are_answered(app: Any):
    """As the importer of data.europa.eu does."""
    fill(5)
    reader = Harvester(app)
    (token,) = reader.ask(**LIST).iter(f"{OAI}resumptionToken")
    assert len(records(reader.ask(**LIST, resumptionToken=token.text))) == 2


_ODD = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["dcat_ap", "2026-01-01", "theme:ENVI", "\0", '"><x', "]]>", "oai:x:1"]),
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.tuples(st.sampled_from([*ARGUMENTS, 'x"', "é"]), _ODD), max_size=5),
    st.sampled_from([*VERBS, ""]),
    st.sampled_from(["GET", "POST"]),
)
def test_anything_that_is_asked_has_a_valid_answer(
    asked_of: Callable[..., Any], said: list[tuple[str, str]], verb: str, method: str
):
    pairs = [("verb", verb), *said]
    query = "&".join(f"{quote(n)}={quote(t, errors='surrogatepass')}" for n, t in pairs)
    answer(asked_of(query, method))


@pytest.fixture
def asked_of(app: Any) -> Callable[[str, str], bytes]:
    """Ask by GET or POST."""
    create("spending")
    settle()
    change("spending", version="2")
    client = app.test_client()
    form = "application/x-www-form-urlencoded"

    def ask(query: str, method: str) -> bytes:
        where = {"data": query, "content_type": form} if method == "POST" else {}
        url = "/oai" if method == "POST" else f"/oai?{query}"
        answered = client.open(url, method=method, **where)
        assert answered.status_code == 200, query
        return answered.data

    return ask
