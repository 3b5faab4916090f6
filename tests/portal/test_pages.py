"""The first page, lists and headings speak the reader's language and ask nobody else."""

from __future__ import annotations

import re

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.municipal.portal import themes

pytestmark = pytest.mark.usefixtures("fresh_site")


def test_the_first_page_shows_the_city_its_themes_and_the_search(app):
    themes.sync()
    factories.Dataset(groups=[{"name": "culture"}])
    greek, english = app.get("/").body, app.get("/en/").body
    assert "Ανοικτά Δεδομένα Δήμου Θεσσαλονίκης" in greek
    assert "Open Data of the Municipality of Thessaloniki" in english
    assert "Πολιτισμός" in greek
    assert "Culture" in english
    assert "fa-masks-theater" in greek
    assert 'role="search"' in greek


def test_every_page_can_be_read_in_the_other_language(app):
    factories.Dataset(name="trees")
    assert re.search(r'href="/en/dataset/trees"[^>]*hreflang="en"', app.get("/dataset/trees").body)
    assert re.search(
        r'href="/(el/)?dataset/trees"[^>]*hreflang="el"', app.get("/en/dataset/trees").body
    )


def test_titles_of_departments_and_themes_are_in_the_reader_s_language(app):
    titles = {"el": "Διεύθυνση Πρασίνου", "en": "Parks Department"}
    department = factories.Organization(name="parks", title_translated=titles)
    factories.Dataset(name="trees", owner_org=department["id"])
    for url in ("/en/dataset/trees", "/en/organization/parks", "/en/organization/", "/en/dataset/"):
        page = re.sub(r"<link[^>]*>", "", app.get(url).body)  # names of CKAN's own Atom feeds
        assert "Parks Department" in page, url
        assert "Διεύθυνση Πρασίνου" not in page, url


def test_a_draft_theme_page_and_an_empty_portal_are_no_errors(app):
    for url in ("/", "/en/", "/dataset/", "/group/", "/organization/", "/about"):
        assert app.get(url).status_code == 200, url


def test_pages_name_no_other_host_for_scripts_styles_or_pictures(app):
    themes.sync()
    factories.Dataset(name="trees", spatial_coverage=[{"text": "Τριανδρία"}])
    for url in ("/", "/dataset/", "/dataset/trees", "/group/culture"):
        sources = re.findall(
            r'<(?:script|img|link)[^>]+(?:src|href)="(https?://[^"]+)', app.get(url).body
        )
        assert [s for s in sources if "test.ckan.net" not in s] == [], url


def test_forms_suggest_addresses_by_our_table(browse):
    person = browse(factories.Sysadmin(password="correct123"))
    for url in ("/dataset/new", "/group/new", "/organization/new"):
        page = person.get(url).get_data(as_text=True)
        assert 'data-module="municipal-slug-source"' in page, url
        assert 'data-module="municipal-slug-field slug-preview-slug"' in page, url
        assert "before_voiced" in page, url
        assert "municipal/" in "".join(re.findall(r'<script src="([^"]+)', page)), url


def test_a_dataset_saved_in_the_form_without_an_address_gets_one(browse):
    person = browse(factories.Sysadmin(password="correct123"))
    form = {
        "title_translated-el": "Δέντρα του δήμου",
        "notes_translated-el": "Τα δέντρα.",
        "name": "",
        "owner_org": factories.Organization()["id"],
        "_ckan_phase": "1",
        "save": "",
    }
    person.post("/dataset/new", form)
    assert tk.get_action("package_show")({"ignore_auth": True}, {"id": "dentra-tou-dimou"})["state"]


def test_our_templates_hold_no_inline_script_style_or_handler():
    from pathlib import Path

    folder = Path(__file__).resolve().parents[2] / "ckanext/municipal/portal/templates"
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"<script(?![^>]*json)|<style|\sstyle=|\son[a-z]+=|javascript:", text
        ), path
