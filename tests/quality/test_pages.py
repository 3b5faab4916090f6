"""The pages of metadata quality, as readers and publishers of both languages see them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from chromium import violations_of
from ckan.tests import factories
from feed_portal import make
from quality_portal import DAILY, THEME, a_day_passes, changed, department, scored

from ckanext.municipal.quality.mail import tokens

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

FORMULA = "=cmd|' /C calc'!A0"


def text(app: Any, url: str, **options: Any) -> str:
    """The words of a page, without its markup."""
    body = app.get(url, **options).body
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.fixture
def city() -> None:
    parks = department("parks", "Πράσινο", "Parks")
    titles = {"el": "Δέντρα", "en": "Trees"}
    scored("trees", title_translated=titles, owner_org=parks["id"], theme=THEME)
    scored("late", frequency=DAILY, modified="2020-01-01", resources=[])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("el", ["Ποιότητα μεταδεδομένων", "Τι να διορθώσετε πρώτα", "Δέντρα", "Πράσινο", "Κακή"]),
        ("en", ["Quality of the metadata", "What to fix first", "Trees", "Parks", "Bad"]),
    ],
)
def test_the_portal_is_told_in_both_languages(app, city, language, words):
    shown = text(app, f"/{language}/quality")
    assert [word for word in words if word not in shown] == []
    assert f'href="/{language}/quality"' in app.get(f"/{language}/about").body


def test_a_portal_without_datasets_says_so(app: Any):
    assert "No public dataset is measured here yet." in text(app, "/en/quality")


def test_parameters_choose_and_stay_in_the_form(app: Any, city: None):
    body = app.get("/en/quality?state=late&sort=name").body
    assert "/en/quality/dataset/late" in body
    assert "/en/quality/dataset/trees" not in body
    assert '<option value="late" selected>' in body
    assert '<option value="name" selected>' in body
    assert "No dataset fits what you chose." in text(app, "/en/quality?q=nowhere")


def test_a_department_has_its_own_sums(app: Any, city: None):
    shown = text(app, "/en/quality?organization=parks")
    assert "Parks" in shown
    assert "Trees" in shown
    assert "Title late" not in shown
    assert "1 dataset" in shown


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/quality?organization=nobody", 404),
        ("/quality?band=superb", 400),
        ("/quality?state=%00", 400),
        ("/quality?sort=%3Cscript%3E", 400),
        ("/quality?page=0", 400),
        ("/quality?page=x", 400),
        ("/quality.csv?fix=all", 400),
        ("/quality/course.csv?organization=nobody", 404),
        ("/quality/badge.svg?organization=nobody", 404),
        ("/quality/dataset/nothing", 404),
        ("/quality/dataset/nothing/badge.svg", 404),
    ],
)
def test_what_there_is_not_is_said_on_a_page(app: Any, city: None, address: str, status: int):
    for language in ("el", "en"):
        body = app.get(f"/{language}{address}", status=status).body
        assert 'role="main"' in body
        assert "<script>" not in body
    assert "Traceback" not in body


def test_a_page_after_the_last_shows_the_last(app: Any, city: None):
    assert "Trees" in text(app, "/en/quality?page=999999")


def test_a_dataset_tells_its_points_what_to_mend_and_every_criterion(app: Any, city: None):
    shown = text(app, "/en/quality/dataset/trees")
    told = app.get("/api/3/action/municipal_quality_show?id=trees").json["result"]
    assert f"{told['points']} of 405 points: Sufficient." in shown
    for each in told["fixes"]:
        assert each["message"]["en"] in shown
        assert each["remedy"]["en"] in shown
    for each in told["metrics"]:
        assert each["title"]["en"] in shown
    assert "https://example.org/trees.csv" in shown
    assert "not checked yet" in shown


def test_a_data_set_that_is_late_says_for_how_long(app: Any, city: None):
    told = app.get("/api/3/action/municipal_quality_show?id=late").json["result"]
    days = told["freshness"]["days_late"]
    assert days > 2000
    assert f"{days} days late: due on 2 January 2020" in text(app, "/en/quality/dataset/late")
    assert f"{days} ημέρες καθυστέρηση" in text(app, "/el/quality/dataset/late")


def test_a_course_is_drawn_from_the_second_day_on(app: Any, city: None):
    assert "There is nothing to compare yet" in text(app, "/en/quality/dataset/trees")
    a_day_passes()
    changed("trees", license_id="CC0")
    body = app.get("/en/quality/dataset/trees").body
    assert "There is nothing to compare yet" not in body
    assert "<polyline" in body or "<path" in body
    days = list(csv.DictReader(io.StringIO(app.get("/quality/course.csv").body)))
    assert len(days) == 2
    assert days[0]["day"] < days[1]["day"]


def test_the_table_of_all_is_csv_that_no_program_runs(app: Any):
    scored("evil", title_translated={"el": FORMULA})
    body = app.get("/quality.csv?form=excel").get_data(as_text=True)
    assert FORMULA in body.replace('""', '"')
    assert f",{FORMULA}" not in body
    assert f";{FORMULA}" not in body
    [line] = csv.DictReader(io.StringIO(app.get("/quality.csv").get_data(as_text=True)))
    assert line["name"] == "evil"
    assert int(line["points"]) > 0
    assert line["fix"]


def test_the_table_lists_what_the_page_lists(app: Any, city: None):
    def names(query: str) -> set[str]:
        found = app.get(f"/quality.csv{query}").get_data(as_text=True)
        return {line["name"] for line in csv.DictReader(io.StringIO(found))}

    assert names("") == {"trees", "late"}
    assert names("?state=late") == {"late"}
    assert names("?organization=parks") == {"trees"}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/en/quality/badge.svg", "metadata"),
        ("/el/quality/badge.svg?organization=parks", "μεταδεδομένα"),
        ("/en/quality/dataset/trees/badge.svg", "Sufficient"),
    ],
)
def test_a_badge_is_a_picture_that_stands_alone(app: Any, city: None, address: str, said: str):
    answer = app.get(address)
    assert answer.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    picture = ElementTree.fromstring(answer.data)
    assert said in "".join(picture.itertext())
    assert "href" not in answer.body


def test_nothing_that_is_not_public_is_on_any_page(app: Any, browse: Any):
    user = factories.User(password="correct123")
    group = factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    scored("secret", owner_org=group["id"])
    changed("secret", private=True)
    make("draft-of-a-contract", private=True, owner_org=group["id"])
    addresses = ("/quality", f"/quality?organization={group['name']}", "/quality.csv")
    for address in addresses:
        body = app.get(address).get_data(as_text=True)
        assert "secret" not in body
        assert "draft-of-a-contract" not in body
    for name in ("secret", "draft-of-a-contract"):
        app.get(f"/quality/dataset/{name}", status=404)
        app.get(f"/quality/dataset/{name}/badge.svg", status=404)
    signed_in = browse(user)
    assert signed_in.get("/en/quality/dataset/secret").status_code == 404
    assert "Quality of the metadata</h2>" not in signed_in.get("/en/dataset/secret").text


def test_the_dataset_s_own_page_tells_readers_the_verdict_and_publishers_the_remedy(
    app: Any, browse: Any, city: None
):
    body = app.get("/en/dataset/trees").body
    assert 'href="/en/quality/dataset/trees"' in body
    assert "of 405 points: Sufficient." in body
    assert "What to fix first" not in body
    publisher = browse(factories.Sysadmin(password="correct123"))
    body = publisher.get("/en/dataset/trees").text
    assert "What to fix first" in body
    assert 'href="/en/dataset/edit/trees"' in body


def test_titles_are_text_and_never_markup(app: Any):
    scored("one", title_translated={"el": "<script>alert(1)</script>"})
    for address in ("/quality", "/quality/dataset/one", "/dataset/one"):
        body = app.get(f"/el{address}").body
        assert "<script>alert(1)" not in body
        assert "&lt;script&gt;alert(1)" in body


def test_axe_finds_nothing_in_both_languages(app: Any, city, browser_tools, tmp_path: Any):
    a_day_passes()
    changed("trees", license_id="CC0")
    choice = f"/quality/mail?token={tokens.made(factories.User()['id'])}"
    paths = ("/quality", "/quality/dataset/trees", "/quality?organization=parks", choice)
    assert violations_of(app.app, browser_tools, tmp_path, *paths) == {}
