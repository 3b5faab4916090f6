"""What a reader sees at /budget, without an account and without scripts."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from budget_exports import EXPENSES, ROWS, export
from budget_portal import XSS, fill
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "2016", "expenditure", "6,60", "..", "%00", "\0", "-1", "9" * 400, XSS]),
)


@pytest.fixture
def inbox(make_inbox):
    inbox = make_inbox("thessaloniki-budget")
    fill(inbox)
    assert inbox.run()["added"] == 1, inbox.errors()
    return inbox


@pytest.fixture
def real(make_inbox, shared: Path):
    """The portal with the real exports of the last three days that there are."""
    inbox = make_inbox("thessaloniki-budget")
    for side in ("expenses", "incomes"):
        files = sorted((shared / "data" / "budget" / "thessaloniki-2016" / side).glob("*.csv"))
        inbox.add(*files[-3:], into=side)
    assert inbox.run()["added"] == 1, inbox.errors()
    return inbox


def page(app: Any, url: str, status: int = 200) -> str:
    answer = app.get(url, status=status)
    return unescape(answer.get_data(as_text=True)).replace("\xa0", " ")


def links(html: str, part: str) -> list[str]:
    return [href for href in re.findall(r'href="([^"]+)"', html) if part in href]


def test_an_empty_portal_says_so(fresh_site, app):
    assert "No budget has been published" in page(app, "/en/budget")
    page(app, "/budget?year=2016", status=404)
    page(app, "/budget.csv", status=200)
    page(app, "/budget/line", status=404)


def test_the_real_budget_of_2016_drills_down_to_a_line(real, app):
    html = page(app, "/budget")
    assert "389.500.000,00 €" in html
    assert "60.139.443,46 €" in html
    assert "14,9%" in html
    assert "€389,500,000.00" in page(app, "/en/budget?year=2016&side=revenue")
    html = page(app, "/en/budget?year=2016&side=expenditure&path=6,60")
    assert "Staff pay and related costs" in html
    (deeper,) = [href for href in set(links(html, "path=6")) if href.endswith("path=6,60,601")]
    html = page(app, deeper)
    line = page(app, links(page(app, f"{deeper},6011"), "/budget/line?")[0])
    assert "<polyline" in line
    assert line.count('scope="row"') == 3


def test_a_budget_that_is_one_account_begins_below_it(make_inbox, app):
    inbox = make_inbox("thessaloniki-budget")
    inbox.write(EXPENSES, export(ROWS[:3]))
    assert inbox.run()["added"] == 1, inbox.errors()
    html = page(app, "/budget?side=expenditure")
    assert [links(html, f"path=6,{code}") != [] for code in ("60", "61")] == [True, True]
    rows = csv.DictReader(io.StringIO(page(app, "/budget.csv?side=expenditure")))
    assert [row["code"] for row in rows] == ["60", "61"]


def test_the_table_as_csv_is_what_the_page_shows(real, app):
    answer = app.get("/budget.csv?year=2016&side=expenditure")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert sum(Decimal(row["budgeted"]) for row in rows) == Decimal("389500000.00")
    assert sum(Decimal(row["paid"]) for row in rows) == Decimal("60139443.46")
    assert sum(int(row["lines"]) for row in rows) == 1157
    found = app.get("/budget.csv?year=2016&side=expenditure&q=πρασίνου&form=excel")
    assert found.data.startswith(b"\xef\xbb\xbf")
    assert (
        found.headers["Content-Disposition"] == 'attachment; filename="budget-2016-expenditure.csv"'
    )


def test_labels_are_text_and_never_markup_or_formulas(inbox, app):
    for url in ("/budget?q=υδρευσης", "/budget/line?code=6117.01.01&service=00"):
        html = app.get(url).get_data(as_text=True)
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;" in html
    html = app.get("/budget", query_string={"q": XSS}).get_data(as_text=True)
    assert "<script>alert" not in html
    table = app.get("/budget.csv?q=υδρευσης").get_data(as_text=True)
    assert "'=ΎΔΡΕΥΣΗΣ" in table


def test_every_view_has_neither_script_nor_style_of_its_own(inbox, app):
    for url in ("/budget", "/budget?q=αποδοχες", "/budget/line?code=6011.01.01&service=35"):
        html = page(app, url)
        ours = html[html.index('class="module-content municipal-figures"') : html.index("<footer")]
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", ours)
        assert "<caption" in ours
        assert ours.count("<h1") == 1


def test_a_day_before_is_shown_as_it_was(inbox, app):
    assert "2.551.000,10 €" in page(app, "/budget?side=expenditure")
    html = page(app, "/budget?side=expenditure&as_of=2016-04-01T22:54:00")
    assert "3.091.104,85 €" in html
    assert "1 Απριλίου 2016, 22:54" in html


def test_an_unknown_year_side_or_node_leads_back(inbox, app):
    for url in (
        "/budget?year=1999",
        "/budget?year=2016&path=9,99",
        "/budget?year=2016&as_of=2016-01-01T00:00",
        "/budget?municipality=4711",
        "/budget/line?code=1&service=2",
    ):
        html = page(app, url, status=404)
        assert "municipality=" in url or "/budget?year=2016" in html
    for url in ("/budget?year=next", "/budget?side=middle", "/budget?sort=colour&year=2016"):
        page(app, url, status=400)


def test_the_dataset_tells_its_findings_and_the_menu_leads_here(inbox, app):
    (dataset,) = inbox.datasets()
    html = page(app, f"/en/budget/{dataset['name']}")
    assert 'id="budget-findings"' in html
    assert "budget-severity-" in html
    assert links(html, "/en/budget")
    assert "All findings as a table" in html
    # Findings are told in the reader's language.
    assert html != page(app, f"/el/budget/{dataset['name']}")


def test_no_address_makes_an_error_page(inbox, app):
    names = ("year", "side", "as_of", "by", "path", "sort", "q", "offset", "municipality", "form")
    views = ("/budget", "/budget.csv", "/budget/line", "/budget/line.csv")

    @settings(
        max_examples=100,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],  # a page takes too long to shrink by
        database=None,
    )
    @given(
        view=st.sampled_from(views),
        query=st.dictionaries(st.sampled_from((*names, "code", "service")), ODD, max_size=5),
    )
    def visit(view: str, query: dict[str, str]) -> None:
        assert app.get(view, query_string=query).status_code in (200, 400, 404)

    visit()
