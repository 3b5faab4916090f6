"""A city's requests harvested over HTTP: what the portal then holds, and what it does not write."""

from __future__ import annotations

import json

import pytest
from ckan import model
from servers import going_wrong as wrong
from servers.improve_my_city import HOUR, START, issue
from servers.serving import Fault

from ckanext.municipal.harvest import foreground
from ckanext.municipal.harvest.model import records, runs
from ckanext.municipal.issues import tables
from dev.demo.improve_my_city.site import BINNED
from tests.issues.harvested import YAML, clean_cells, loaded_plugins, portal, versions

__all__ = ["clean_cells", "loaded_plugins", "portal"]


def test_requests_become_a_dataset_with_tables_and_files(portal):
    city = portal.city(40)
    run = city.run()
    assert (run["added"], run["outcome"]) == (1, "done"), city.reason()
    dataset = city.dataset()
    assert dataset["type"] == "issue_reports"
    assert "citizen requests" in dataset["tags_translated"]["en"]
    assert len(city.ids()) == 40
    assert {row["status"] for row in city.content()["requests"]} == {"open"}
    features = json.loads(city.file("requests-geojson"))["features"]
    assert len(features) == 40


def test_the_same_again_writes_nothing(portal):
    city = portal.city(40)
    city.run()
    before, written = city.content(), versions()
    for _ in range(2):
        run = city.run()
        assert (run["unchanged"], run["outcome"]) == (1, "done")
    assert versions() == written
    assert city.content() == before


def test_a_later_run_asks_only_for_what_changed(portal):
    city = portal.city(60)
    city.run()
    city.site.move(7, 4, START + 61 * HOUR, note="Αποκαταστάθηκε")
    assert city.run()["updated"] == 1
    row = next(row for row in city.content()["requests"] if row["id"] == "7")
    assert (row["status"], row["close_reason"]) == ("closed", "solved")
    whole, part = city.tables.rows("readings")
    assert (whole["whole"], whole["read"]) == (True, 60)
    assert (part["whole"], part["changed"]) == (False, 1)
    assert part["read"] < 30, "a day is read once more, since clocks differ"


@pytest.mark.parametrize("how", ["binned", "deleted", "in moderation"])
def test_a_request_that_is_withdrawn_is_gone_everywhere_at_the_next_run(portal, how):
    city = portal.city(40)
    city.run()
    if how == "binned":
        city.site.change(7, state=BINNED)
    elif how == "deleted":
        city.site.delete(7)
    else:
        city.site.change(7, moderation=1, updated=START + 50 * HOUR)
    assert city.run()["updated"] == 1
    assert "7" not in city.ids()
    assert "7" not in {row["id"] for row in city.tables.rows("events")}
    assert "7" not in {row[1] for row in city.cells()}
    features = json.loads(city.file("requests-geojson"))["features"]
    assert "7" not in {str(feature["properties"].get("id")) for feature in features}
    for kind in ("requests", "events", "requests-json", "events-json", "requests-bulk"):
        lines = city.file(kind).decode().splitlines()
        assert not [line for line in lines if line.startswith(("7,", '"7",', '{"id":"7"'))], kind


def test_a_city_that_is_suddenly_empty_is_a_question_and_the_answer_is_carried_out(portal):
    city = portal.city(40)
    city.run()
    for number in range(1, 41):
        city.site.delete(number)
    run = city.run()
    assert (run["outcome"], run["absent"]) == ("asking", 40)
    assert run["messages"][0]["rule"] == "harvest-source-empty"
    assert len(city.ids()) == 40
    answer = portal.act("municipal_harvest_confirm_deletions", id=city.source["id"])
    assert foreground.run(answer["job"])["outcome"] == "done"
    assert city.ids() == []


def test_an_answer_to_a_question_on_the_command_line_is_carried_out(portal):
    city = portal.city(40)
    city.run()
    for number in range(1, 21):
        city.site.change(number, state=BINNED)
    assert city.run()["outcome"] == "asking"
    assert city.run(confirmed=True)["outcome"] == "done"
    assert len(city.ids()) == 20


def test_a_site_that_does_not_answer_leaves_what_is_there_and_the_next_run_makes_it_good(portal):
    city = portal.city(40)
    city.run()
    before = city.content()
    city.site.put(issue(41))
    faulty = (Fault(wrong.login_page(), times=0),)
    city.city.server.otherwise.faults, city.city.server.otherwise.seen = faulty, [0]
    run = city.run()
    assert run["set_aside"] == 1
    assert "people" in city.reason()["en"]
    assert city.content() == before
    city.city.server.otherwise.faults = ()
    assert city.run()["updated"] == 1
    assert len(city.ids()) == 41


def test_a_walk_that_broke_in_the_middle_goes_on_and_ends_the_same(portal):
    faults = [Fault(wrong.error(404), on="api2.issues", after=45, times=1)]
    city = portal.city(95, *faults)
    assert city.run()["set_aside"] == 1
    assert 0 < len(city.ids()) < 95
    assert city.dataset() is None, "half a city is not published"
    assert city.run()["added"] == 1
    other = portal.city(95, name="whole")
    other.run()
    same = ("requests", "events", "categories", "statistics")
    assert [city.content()[name] for name in same] == [other.content()[name] for name in same]


def test_two_sources_do_not_touch_each_other(portal):
    first, second = portal.city(20, name="first"), portal.city(30, name="second")
    first.run()
    second.run()
    before = first.content(), first.cells()
    second.site.delete(3)
    second.site.move(4, 4, START + 99 * HOUR)
    second.run()
    assert (len(first.ids()), len(second.ids())) == (20, 29)
    assert (first.content(), first.cells()) == before
    portal.act("harvest_source_clear", id=second.source["id"])
    assert (first.content(), first.cells()) == before
    assert first.run()["unchanged"] == 1


def test_a_cleared_source_leaves_no_row_cell_or_file_and_can_be_read_again(portal):
    city = portal.city(20)
    city.run()
    storage = portal.folder / "storage"
    assert [path for path in storage.rglob("*") if path.is_file()]
    portal.act("harvest_source_clear", id=city.source["id"])
    assert city.dataset() is None
    assert city.ids() == []
    assert city.cells() == []
    assert [path for path in storage.rglob("*") if path.is_file()] == []
    assert city.run()["added"] == 1
    assert len(city.ids()) == 20


def test_a_dataset_that_was_deleted_by_hand_is_published_again(portal):
    city = portal.city(20)
    city.run()
    before = city.content()
    portal.act("package_delete", id=city.package_id)
    city.run()
    assert city.content() == before


def test_another_title_changes_the_dataset_alone(portal):
    city = portal.city(20)
    city.run()
    written = versions()
    yaml = {**city.yaml, "title": {"el": "Άλλος τίτλος", "en": "Another title"}}
    config = json.dumps({"settings": yaml})
    portal.act("harvest_source_update", **{**city.source, "config": config})
    assert city.run()["updated"] == 1
    assert city.dataset()["title"] == "Άλλος τίτλος"
    now = versions()
    stored = {tables.table_id(city.package_id, name) for name in tables.TABLES}
    assert {name for name in stored if now[name] != written[name]} == set()


def reconfigured(portal, city, **changes):
    """Run a source whose YAML says something else now."""
    config = json.dumps({"settings": {**city.yaml, **changes}})
    portal.act("harvest_source_update", **{**city.source, "config": config})
    return city.run()


def test_a_stricter_privacy_reaches_the_figures_although_no_request_changed(portal):
    city = portal.city(40, privacy={"grid": 10_000})
    city.run()
    before = city.content()
    assert before["statistics"][0]["requested"] == 40
    assert reconfigured(portal, city, privacy={"grid": 10_000, "k": 41})["updated"] == 1
    after = city.content()
    assert not [row for row in after["statistics"] if row["requested"] is not None]
    assert b"40" not in b"".join(city.file("statistics").splitlines()[1:])
    assert not [row["id"] for row in after["requests"] if row["cell"]]


def test_a_category_that_the_yaml_calls_otherwise_is_called_so_at_the_next_run(portal):
    city = portal.city(20)
    city.run()
    categories = [
        {**each, "title": {**each["title"], "en": "Renamed"}} for each in YAML["categories"]
    ]
    assert reconfigured(portal, city, categories=categories)["updated"] == 1
    assert {row["name_en"] for row in city.tables.rows("categories")} == {"Renamed"}
    assert b"Renamed" in city.file("categories")
    assert reconfigured(portal, city, categories=categories)["unchanged"] == 1


def test_what_was_found_stays_until_all_is_read_again(portal):
    def told():
        model.Session.rollback()
        found = records.findings(city.source["id"], quarantined=False)
        return [row["message"]["en"] for row in found]

    city = portal.city(40)
    city.site.change(3, category=30)
    city.site.change(4, category=99)
    city.run()
    first = told()
    assert any("Αδέσποτα ζώα" in message for message in first)
    city.run()
    assert told() == first
    city.site.put(issue(41, category=21, updated=START + 41 * HOUR))
    city.run()
    assert set(first) < set(told())
    assert any("ογκωδών" in message for message in told())
    assert records.totals(city.source["id"])["findings"] == len(told())


def test_figures_alone_are_published_where_the_city_wants_no_rows(portal):
    city = portal.city(20, privacy={"rows": False})
    city.run()
    dataset = city.dataset()
    kinds = {resource["table"] for resource in dataset["resources"]}
    assert kinds == {"categories", "statistics", "readings", "datapackage"}
    # All were made on 14 and 15 November: the month is told, no day is.
    assert dataset["temporal_coverage"] == [{"start": "2023-11-01", "end": "2023-11-30"}]


def test_a_missing_secret_is_told_by_its_name_and_found_by_the_next_run(portal):
    city = portal.city(5)
    secret = portal.folder / "secrets" / "city-key"
    key = secret.read_text()
    secret.unlink()
    assert city.run()["set_aside"] == 1
    assert "“city-key”" in city.reason()["en"]
    secret.write_text(key)
    assert city.run()["added"] == 1


def test_a_key_that_is_too_short_is_told_without_being_shown(portal):
    (portal.folder / "secrets" / "city-key").write_text("short-one")
    city = portal.city(5)
    city.run()
    assert "fewer than 16 bytes" in city.reason()["en"]
    assert "short-one" not in str(city.reason())


def test_two_runs_at_once_become_one(portal):
    city = portal.city(5)
    job = foreground.new_job(city.source["id"])
    with pytest.raises(runs.SourceBusy):
        foreground.new_job(city.source["id"])
    foreground.run(job)
    model.Session.rollback()
    assert len(city.ids()) == 5
