"""A city elsewhere sees all its moments by its own clock, by naming it in the YAML of its source."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import helpers
from servers.improve_my_city import START

from ckanext.municipal.issues.published import anonymous, published_requests
from ckanext.municipal.issues.tables import Tables
from ckanext.municipal.lib.dates import ATHENS
from ckanext.municipal.store.errors import SchemaChanged
from ckanext.municipal.store.transaction import transaction
from tests.issues.harvested import clean_cells, portal
from tests.issues.kept_site import app, fresh_site, kept, loaded_plugins
from tests.issues.published_requests import NOW, publish, request

__all__ = ["app", "clean_cells", "fresh_site", "kept", "loaded_plugins", "portal"]

CHICAGO = "America/Chicago"
FIRST = datetime.fromtimestamp(START + 3600, UTC)
LOCAL = FIRST.astimezone(ZoneInfo(CHICAGO))


@pytest.fixture
def elsewhere(portal):
    """A city by the clock of Chicago, harvested."""
    city = portal.city(20, timezone=CHICAGO)
    assert city.run()["added"] == 1
    return city


def test_tables_and_files_show_the_clock_that_the_source_names(elsewhere):
    shown = f"{LOCAL:%Y-%m-%dT%H:%M:%S}"
    assert elsewhere.dataset()["timezone"] == CHICAGO
    stored = helpers.call_action("datastore_search", resource_id=elsewhere.tables.id("requests"))
    (row,) = (row for row in stored["records"] if row["id"] == "1")
    assert row["requested"].removesuffix(".000") == shown  # CKAN 2.12 tells milliseconds
    rows = csv.DictReader(io.StringIO(elsewhere.file("requests").decode()))
    assert next(row["requested"] for row in rows if row["id"] == "1") == shown
    bulk = csv.DictReader(io.StringIO(elsewhere.file("requests-bulk").decode()))
    told = next(row for row in bulk if row["service_request_id"] == "1")
    assert told["requested_datetime"] == LOCAL.isoformat()
    features = json.loads(elsewhere.file("requests-geojson"))["features"]
    assert LOCAL.isoformat() in {each["properties"]["requested"] for each in features}


def test_the_data_dictionaries_say_whose_clock_it_is(elsewhere):
    info = helpers.call_action("datastore_info", id=elsewhere.tables.id("events"))
    (at,) = [field["info"] for field in info["fields"] if field["id"] == "at"]
    assert at["timezone"] == CHICAGO
    assert CHICAGO in at["notes"]
    package = json.loads(elsewhere.file("datapackage"))
    clocks = {
        (resource["name"], field["name"]): field.get("timezone")
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
        if field["type"] == "datetime"
    }
    assert len(clocks) == 8
    assert set(clocks.values()) == {CHICAGO}


def test_a_source_that_names_another_clock_is_read_anew_by_it(elsewhere, portal):
    yaml = {**elsewhere.yaml, "timezone": "Pacific/Auckland"}
    config = json.dumps({"settings": yaml})
    portal.act("harvest_source_update", **{**elsewhere.source, "config": config})
    assert elsewhere.run()["updated"] == 1
    elsewhere.yaml = yaml
    first = next(elsewhere.tables.requests())
    assert first["requested"] == FIRST
    assert elsewhere.dataset()["timezone"] == "Pacific/Auckland"
    (reading,) = elsewhere.tables.rows("readings")
    assert abs(reading["read_at"] - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_portal_answers_by_the_clock_of_the_dataset(fresh_site, app):
    made = NOW - timedelta(days=2)
    here = made.astimezone(ZoneInfo(CHICAGO))
    publish([request("7", requested=made, updated=made)], zone=ZoneInfo(CHICAGO))
    address = "/open311/v2/requests/7.json?extensions=true"
    (told,) = app.get(address).json
    assert told["requested_datetime"] == here.isoformat()
    (entry,) = ET.fromstring(app.get("/issues/feed.atom").body).findall("{*}entry")
    assert entry.findtext("{*}published") == here.isoformat()
    found = tk.get_action("municipal_issue_show")(anonymous(), {"id": "7"})
    assert found["timezone"] == CHICAGO
    assert found["request"]["requested"] == here.replace(tzinfo=None).isoformat()
    assert f"{here:%H:%M}" in app.get("/issues/request/7").body


@pytest.mark.parametrize("zone", [CHICAGO, "Pacific/Auckland"])
def test_a_day_that_is_asked_for_is_one_of_the_city(fresh_site, app, zone):
    clock = ZoneInfo(zone)
    midnight = (NOW - timedelta(days=3)).astimezone(clock).replace(hour=0, minute=0, second=0)
    rows = [
        request(id, requested=midnight + timedelta(minutes=minutes), updated=NOW)
        for id, minutes in (("before", -1), ("first", 0), ("last", 23 * 60 + 59), ("after", 1440))
    ]
    publish(rows, zone=clock)
    day = f"{midnight:%Y-%m-%d}"
    found = tk.get_action("municipal_issue_search")(anonymous(), {"start": day, "end": day})
    assert {each["id"] for each in found["requests"]} == {"first", "last"}
    told = app.get(f"/open311/v2/requests.json?start_date={day}&end_date={day}").json
    assert {each["service_request_id"] for each in told} == {"first", "last"}


def test_a_dataset_that_names_no_clock_or_a_misspelt_one_is_shown_all_the_same(fresh_site):
    made = publish([request("7")])
    for said in ("", "Atlantis/Capital", "../etc", "Europe"):
        act("package_patch", id=made["id"], timezone=said)
        (of,) = published_requests(anonymous())
        assert of.zone == ATHENS


def act(action: str, **data_dict: Any) -> Any:
    """Call an action as the site itself."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(action)({"user": user}, data_dict)


def test_rows_by_one_clock_are_never_mixed_with_rows_by_another(fresh_site):
    made = publish([request("7")])
    other = Tables(made["id"], ZoneInfo(CHICAGO))
    with pytest.raises(SchemaChanged, match="Athens"), transaction(other.lock) as tx:
        tx.merge(other.id("requests"), other.schema("requests"), [request("8")])
