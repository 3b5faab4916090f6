"""What a reader sees at /issues and of one request, without an account and without scripts."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

import lxml.html
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ckanext.municipal.issues.page import LIST, PARAMETERS
from ckanext.municipal.store import read
from tests.issues.kept_site import (
    app,
    changes_it,
    fresh_site,
    kept,
    loaded_plugins,
    published,
)
from tests.issues.published_requests import NOW, XSS, figures, publish, request

__all__ = ["app", "changes_it", "fresh_site", "kept", "loaded_plugins", "published"]

FIGURES = [
    figures(1400, 1000, 600),
    figures(900, 700, 400, period="2026"),
    *(figures(100 + n, 70, 40, period=f"2026-{n:02}") for n in range(1, 9)),
    figures(500, 300, 200, period="2025"),
    figures(800, 600, 400, category="cleaning", days="8.25"),
    figures(300, 200, 100, category="cleaning-bins"),
    figures(600, 400, None, category="lighting"),
    figures(700, 500, 300, district="6114-1"),
    figures(700, None, None, district="6114-2"),
    figures(60, 40, 20, category="lighting", period="2026"),
]
_VECTORS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<b onmouseover=alert(1)>x</b>",
    "<style>*{display:none}</style>",
    "<base href=//x.example>",
    "<form action=//x.example><button>x",
    "<meta http-equiv=refresh content=0;//x.example>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    XSS,
)
_AROUND = (
    "{}",
    '">{}',
    "'>{}",
    "</title></textarea></script>{}",
    "-->{}",
    "]]>{}",
    '" autofocus onfocus=alert(1) x="{}',
    "={}",
    "+{}",
    "-{}",
    "@{}",
    "＝{}",
)
XSSES = [around.replace("{}", vector) for vector in _VECTORS for around in _AROUND]
ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            *XSSES,
            "",
            "cleaning",
            "lighting,006",
            "open",
            "2026",
            "2026-13",
            "0000-00",
            "9999-12",
            "*:* OR private:true",
            '{!lucene}*:*" OR "',
            "_query_:x",
            "1' OR '1'='1",
            "..",
            "%00",
            "\0",
            "-1",
            "9" * 400,
            "x" * 100_000,
            "WyJ4Il0",
            "bnVsbA",
            "-votes",
        ]
    ),
)
TAGS = {
    *re.findall(
        r"\w+",
        "div nav ol ul li a h1 h2 p span section dl dt dd form label select option input button table "
        "caption thead tbody tr th td details summary figure figcaption svg line text g polyline circle "
        "rect noscript time",
    )
}
ATOM_TAGS = {
    *re.findall(r"\w+", "feed id title updated author name link entry published category summary")
}
VIEWS = (
    "/issues",
    "/issues.csv",
    "/issues/figures.csv",
    "/issues/map.geojson",
    "/issues/map.csv",
    "/issues/course.csv",
    "/issues/feed.atom",
    "/issues/request/0",
)


@pytest.fixture
def dataset(published) -> dict[str, Any]:
    statuses = ("open", "in_progress", "closed", "rejected")
    rows = [request(f"{n}", days=n, status=statuses[n % 4], votes=n % 7) for n in range(60)]
    rows.append(request("alone", days=70, lat=None, long=None, cell="", category="lighting"))
    return published(rows, statistics=FIGURES)


def page(app: Any, url: str, status: int = 200) -> str:
    answer = app.get(url, status=status)
    return unescape(answer.get_data(as_text=True)).replace("\xa0", " ")


def links(html: str, part: str) -> list[str]:
    return [href for href in re.findall(r'href="([^"]+)"', html) if part in href]


def rows_of(app: Any, url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(app.get(url).get_data(as_text=True))))


def ours(html: str) -> str:
    return html[html.index('class="module-content municipal-figures"') : html.index("<footer")]


def test_an_empty_portal_says_so_and_its_header_leads_nowhere(fresh_site, app):
    html = page(app, "/en/issues")
    assert "published here yet" in html
    assert 'href="/en/issues"' not in html[: html.index('id="content"')]
    for url in ("/issues?municipality=1", "/issues.csv", "/issues/request/1", "/issues/map.csv"):
        page(app, url, status=404)


def test_figures_are_told_and_closed_is_not_solved(dataset, app):
    html = page(app, "/en/issues")
    assert "1,400 requests" in html
    assert "71.4% of them have been closed" in html
    assert "60.0% of the closed ones were solved" in html
    assert html.count("<polyline") == 3
    for name in ("Cleaning", "Lighting", "First Municipal Community"):
        assert name in html
    assert "8.25" in html
    greek = page(app, "/el/issues")
    for text in ("1.400", "71,4%", "8,25", "Καθαριότητα", "Α΄ Δημοτική Κοινότητα"):
        assert text in greek, text
    home = page(app, "/en/")
    assert 'href="/en/issues"' in home[: home.index('id="content"')]


def test_the_view_is_chosen_by_its_address(dataset, app):
    html = page(app, "/en/issues?category=cleaning")
    assert "800 requests" in html
    assert "Bins" in ours(html)
    assert links(html, "category=cleaning-bins")
    assert 'value="cleaning" selected' in html
    # The table does not tell this group: it is not counted from the rows.
    html = page(app, "/en/issues?category=cleaning&district=6114-2&period=2025")
    assert "No figures are published for this choice" in html
    html = page(app, "/en/issues?status=rejected&close_reason=solved")
    assert "The figures are of the category, district and period chosen" in html
    assert "15 requests found" in html
    html = page(app, "/en/issues?q=nothing-has-this-word")
    assert "No request fits what you chose" in html
    html = page(app, "/en/issues?period=2026-03")
    assert "March 2026" in html


def test_the_list_goes_on_page_after_page(dataset, app):
    url, found = "/en/issues?category=cleaning&sort=requested", []
    pages = 0
    while url:
        html = page(app, url)
        listed = html[html.index('id="issues-list"') :]
        found += re.findall(r'/en/issues/request/([^"?]+)"', listed)
        url = next(iter(links(listed, "after=")), "")
        assert not url or ("sort=requested" in url and "category=cleaning" in url)
        pages += 1
    assert pages == 3
    assert found == [str(n) for n in reversed(range(60))]


def test_every_table_is_there_as_csv(dataset, app):
    assert len(rows_of(app, "/issues.csv")) == 61
    shown = rows_of(app, "/issues.csv?status=open&category=cleaning")
    assert [row["id"] for row in shown[:2]] == ["0", "4"]
    assert shown[0]["category_name_el"] == "Κάδοι"
    assert shown[0]["requested"][:4].isdigit()
    months = rows_of(app, "/issues/figures.csv?by=month&period=2026")
    assert [(row["period"], row["requested"]) for row in months[:1]] == [("2026-01", "101")]
    lighting, cleaning = rows_of(app, "/issues/figures.csv?by=category")[:2][::-1]
    assert (cleaning["requested"], lighting["solved"]) == ("800", "")
    assert rows_of(app, "/issues/figures.csv?by=district")[1]["closed"] == ""
    assert rows_of(app, "/issues/map.csv")[0]["requests"] == "60"
    assert [row["to_status"] for row in rows_of(app, "/issues/course.csv?id=2")] == [
        "open",
        "closed",
    ]
    answer = app.get("/issues.csv?form=excel")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert 'attachment; filename="requests.csv"' in answer.headers["Content-Disposition"]
    # Every link to a table on the page leads to one.
    for url in set(links(page(app, "/issues"), ".csv")):
        assert app.get(url).content_type == "text/csv; charset=utf-8", url


def test_squares_with_fewer_than_the_group_are_not_on_the_map(fresh_site, app):
    rows = [request(f"a{n}", days=n, cell="g100:1:1") for n in range(9)]
    rows += [
        request(f"b{n}", cell="g100:1:3", lat=rows[0]["lat"], status="closed") for n in range(4)
    ]
    rows[0]["status"] = "rejected"
    publish(rows)
    told = app.get("/issues/map.geojson").json
    assert [one["properties"] for one in told["features"]] == [{"requests": 9, "level": 1}]
    ring = told["features"][0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert 0.0011 < ring[1][0] - ring[0][0] < 0.0013
    assert app.get("/issues/map.geojson?status=rejected").json["features"] == []
    assert len(rows_of(app, "/issues/map.csv?status=open")) == 1


def test_a_request_has_its_page(dataset, app):
    html = page(app, "/en/issues/request/2")
    assert "Closed: Solved" in html
    assert html.index("Open</span>") < html.index("Closed</span>")
    assert "Map of the city with the square" in html
    assert links(html, "/open311/v2/requests/2.json")
    json.loads(app.get(links(html, "/open311/v2/requests/2.json")[0]).data)
    assert app.get(links(html, "feed.atom")[0]).status_code == 200
    assert "data-module-square" not in page(app, "/issues/request/alone")
    assert "no request of this number" in page(app, "/en/issues/request/nothing", status=404)


def test_where_only_figures_are_published_the_page_has_no_lists(fresh_site, app):
    published = ("categories", "statistics", "readings")
    publish([request("secret-canary")], statistics=FIGURES, published=published)
    html = page(app, "/en/issues")
    assert "1,400 requests" in html
    assert "Single requests are not published here" in html
    for url in ("/issues.csv", "/issues/map.geojson", "/issues/request/secret-canary"):
        assert "secret-canary" not in page(app, url, status=404).replace(url, "")


def check_markup(html: str, url: str) -> None:
    """What a page holds of elements and attributes is what its templates write, no more."""
    document = lxml.html.document_fromstring(html)
    (article,) = document.xpath('//div[@class="module-content municipal-figures"]')
    tags = {str(element.tag) for element in article.iter() if isinstance(element.tag, str)}
    assert tags <= TAGS, (url, tags - TAGS)
    names = {name for element in article.iter() for name in element.keys()}  # noqa: SIM118
    assert not [name for name in names if name.startswith("on")], url
    assert {"style", "srcdoc", "autofocus", "action"} & names <= {"action"}, url
    for address in article.xpath("//@href | //@action"):
        assert re.match(r"https?://|/|#", address), (url, address)


def test_a_page_leads_to_the_request_that_is_the_same_only_if_it_is_there(fresh_site, app):
    publish([request("1"), request("2", duplicate_of="1"), request("3", duplicate_of="gone")])
    there, gone = (app.get(f"/issues/request/{id}").get_data(as_text=True) for id in "23")
    assert 'href="/issues/request/1"' in there.replace("/en/", "/")
    assert "gone" in gone
    assert "/issues/request/gone" not in gone


def test_texts_are_text_and_never_markup_or_formulas(fresh_site, app):
    assert len(XSSES) >= 150
    named = ("title", "description", "agency", "address", "status_raw", "channel")
    links_ = ("photo_url", "duplicate_of")
    rows = [
        request(f"x{n}", days=n, **dict.fromkeys((*named, *links_), text), votes=5)
        for n, text in enumerate(XSSES)
    ]
    publish(rows, statistics=FIGURES)
    urls = [f"/issues/request/{row['id']}" for row in rows]
    urls += ["/issues", *(f"/issues?{name}={quote(XSSES[3])}" for name in PARAMETERS)]
    for url in urls:
        check_markup(app.get(url).get_data(as_text=True), url)
    assert "{{ 7*7 }}{% raw %}" in page(app, f"/issues/request/x{len(XSSES) - 24}")
    for url in ("/issues.csv", "/issues/course.csv?id=x1"):
        for row in rows_of(app, url):
            assert not any(cell and cell[0] in "=+-@\t\r\n＝＋－＠" for cell in row.values()), row
    feed = ET.fromstring(app.get("/issues/feed.atom").data)
    assert {element.tag.rpartition("}")[2] for element in feed.iter()} <= ATOM_TAGS


def test_every_view_has_neither_script_nor_style_of_its_own(dataset, app):
    for url in ("/issues", "/issues?status=open", "/issues/request/2", "/issues/request/none"):
        html = ours(app.get(url).get_data(as_text=True))
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html), url
        levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels)), levels
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        for target in re.findall(r'aria-labelledby="([^"]+)"|<label for="([^"]+)"', html):
            assert "".join(target) in ids, target
        assert html.count("<table") == html.count("<caption")


def test_a_page_asks_little_and_writes_nothing(dataset, app, monkeypatch):
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    reading = read._reading
    monkeypatch.setattr(
        read, "_reading", lambda schema: (statements.append("SELECT"), reading(schema))[1]
    )
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        for url in (
            "/issues",
            "/issues?category=lighting&period=2026&status=open",
            "/issues/request/2",
            "/issues/map.geojson",
            "/issues/feed.atom",
        ):
            app.get(url)
            statements.clear()
            assert app.get(url).status_code == 200
            assert 0 < len(statements) <= 25, (url, len(statements), statements)
            writes = [s for s in statements if not s.lstrip().upper().startswith("SELECT")]
            assert writes == [], url
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
    for view in VIEWS:
        assert app.post(view).status_code in (400, 405), view


def test_no_address_makes_an_error_page(dataset, app):
    names = (*PARAMETERS, "by", "form", "id")

    @settings(
        max_examples=200,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],  # a page takes too long to shrink by
        database=None,
    )
    @given(
        view=st.sampled_from(VIEWS),
        query=st.dictionaries(st.sampled_from(names), ODD, min_size=1, max_size=4),
    )
    def visit(view: str, query: dict[str, str]) -> None:
        answer = app.get(view, query_string=query)
        assert answer.status_code in (200, 400, 404), (view, query)

    visit()


def test_every_link_keeps_the_city_that_is_shown(dataset, changes_it, app):
    publish([request("elsewhere", days=1)], municipality="4711", statistics=FIGURES)
    html = page(app, "/issues?municipality=4711")
    inside = ours(html)
    for url in re.findall(r'href="([^"]+)"', inside):
        if urlsplit(url).path.startswith("/issues"):
            assert "municipality=4711" in url, url
    assert "elsewhere" in inside
    assert set(LIST) <= set(PARAMETERS)
    assert "elsewhere" not in page(app, f"/issues?period={(NOW - timedelta(days=1)).year}")
