"""The site that the tests run on: every service answers, and a clean site is clean."""

from __future__ import annotations

import pytest
from ckan.tests import factories, helpers


@pytest.mark.usefixtures("fresh_site")
def test_dataset_with_rows_is_found_on_the_test_site():
    dataset = factories.Dataset(title="Lighthouses")
    resource = factories.Resource(package_id=dataset["id"], url="https://example.org/heights.csv")
    helpers.call_action(
        "datastore_create",
        context={"user": factories.Sysadmin()["name"]},
        resource_id=resource["id"],
        fields=[{"id": "height", "type": "numeric"}],
        records=[{"height": 27}],
        force=True,
    )
    found = helpers.call_action("package_search", q="lighthouses")
    assert [hit["id"] for hit in found["results"]] == [dataset["id"]]


@pytest.mark.usefixtures("fresh_site")
def test_fresh_site_is_empty_again():
    from ckanext.datastore.backend import get_all_resources_ids_in_datastore

    assert helpers.call_action("package_search")["count"] == 0
    assert helpers.call_action("package_list") == []
    assert get_all_resources_ids_in_datastore() == []


@pytest.mark.usefixtures("fresh_site")
def test_plugin_tables_are_there_without_a_word():
    import sqlalchemy as sa
    from ckan import model

    tables = sa.inspect(model.meta.engine).get_table_names()
    assert "harvest_object" in tables
    assert "activity" in tables


@pytest.mark.usefixtures("fresh_site")
def test_form_without_token_is_refused(browse):
    browser = browse(factories.Sysadmin(password="correct123"))
    organization = {"name": "works", "title": "Works", "save": ""}
    assert browser.post("/organization/new", organization, token=False).status_code == 400
    assert browser.post("/organization/new", organization).status_code == 200
    assert helpers.call_action("organization_list") == ["works"]
