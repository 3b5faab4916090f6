"""A run of a source: from the list to datasets, and again."""

from __future__ import annotations

import time

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckanext.harvest.model import HarvestJob, HarvestObject

from ckanext.municipal.harvest import foreground
from ckanext.municipal.harvest.model import runs
from ckanext.municipal.harvest.model.tables import finding, record, rows
from ckanext.municipal.harvest.record import Record


def counts(run):
    names = ("listed", "added", "updated", "unchanged", "skipped", "deleted", "set_aside")
    return {name: run[name] for name in names if run[name]}


def stats(folder):
    source = folder.act("harvest_source_show", id=folder.id)
    return {key: value for key, value in source["status"]["last_job"]["stats"].items() if value}


def test_records_become_datasets(folder):
    folder.write(a="Alpha", b="Beta")
    run = folder.run()
    assert counts(run) == {"listed": 2, "added": 2}
    assert run["outcome"] == "done"
    assert folder.titles() == ["Alpha", "Beta"]
    assert stats(folder) == {"added": 2}


def test_same_records_again_are_skipped(folder):
    folder.write(a="Alpha", b="Beta")
    folder.run()
    modified = [p.metadata_modified for p in model.Session.query(model.Package).order_by("id")]
    objects = model.Session.query(HarvestObject).count()
    run = folder.run()
    assert counts(run) == {"listed": 2, "skipped": 2}
    assert folder.loads() == 2
    after = [p.metadata_modified for p in model.Session.query(model.Package).order_by("id")]
    assert after == modified
    assert model.Session.query(HarvestObject).count() == objects
    assert stats(folder) == {"not modified": 2}


def test_only_the_changed_record_is_loaded(folder):
    folder.write(a="Alpha", b="Beta")
    folder.run()
    folder.write(b="Beta two")
    assert counts(folder.run()) == {"listed": 2, "updated": 1, "skipped": 1}
    assert folder.titles() == ["Alpha", "Beta two"]
    assert stats(folder) == {"updated": 1, "not modified": 1}


def test_a_digest_known_only_after_the_download_skips_the_load(make_folder):
    folder = make_folder(digest="late")
    folder.write(a="Alpha")
    folder.run()
    assert counts(folder.run()) == {"listed": 1, "unchanged": 1}
    assert folder.loads() == 1
    assert stats(folder) == {"not modified": 1}


def test_what_a_load_remembers_comes_back_although_its_digest_is_never_known(folder, monkeypatch):
    from municipal_test_harvester import FolderHarvester

    given = []
    load = FolderHarvester.load

    def fetch(self, source, record):
        given.append(record.etag)
        return Record(record.guid, None, {"title": "Alpha"})

    def remembering(self, source, record, report):
        report.remember(f"mark {len(given)}")
        return load(self, source, record, report)

    monkeypatch.setattr(FolderHarvester, "listing", lambda self, source: [Record("a")])
    monkeypatch.setattr(FolderHarvester, "fetch", fetch)
    monkeypatch.setattr(FolderHarvester, "load", remembering)
    assert [counts(folder.run())["listed"] for _ in range(3)] == [1, 1, 1]
    assert given == [None, "mark 1", "mark 2"]


def test_an_edited_source_loads_everything_again(folder):
    folder.write(a="Alpha")
    folder.run()
    source = folder.act("harvest_source_show", id=folder.id)
    assert source["type"] == "harvest", "the source's own keys are not those of its configuration"
    changed = folder.source["config"].replace('"type"', '"extra": 1, "type"')
    folder.act("harvest_source_update", **{**folder.source, "config": changed})
    assert counts(folder.run()) == {"listed": 1, "unchanged": 1}
    assert folder.loads() == 2


def test_two_sources_with_equal_ids_keep_their_datasets(make_folder):
    one, two = make_folder("one"), make_folder("two")
    one.write(a="First")
    two.write(a="Second")
    assert one.run()["added"] == two.run()["added"] == 1
    assert (one.titles(), two.titles()) == (["First"], ["Second"])


def test_a_dataset_deleted_by_hand_comes_back(folder):
    folder.write(a="Alpha")
    folder.run()
    package = model.Session.query(model.Package).filter_by(title="Alpha").one()
    folder.act("package_delete", id=package.id)
    assert folder.titles() == []
    assert folder.run()["updated"] == 1
    assert folder.titles() == ["Alpha"]


def test_a_cleared_source_loads_everything_again(folder):
    folder.write(a="Alpha")
    folder.run()
    folder.act("harvest_source_clear", id=folder.id)
    assert folder.run()["added"] == 1
    assert folder.titles() == ["Alpha"]


def test_a_harvester_is_told_of_what_is_cleared_while_it_is_still_there(folder, monkeypatch):
    from municipal_test_harvester import FolderHarvester

    folder.write(a="Alpha", b="Beta")
    folder.run()
    forgotten = []
    monkeypatch.setattr(
        FolderHarvester, "forget", lambda _, id: forgotten.append(model.Package.get(id).title)
    )
    folder.act("harvest_source_clear", id=folder.id)
    assert sorted(forgotten) == ["Alpha", "Beta"]


def test_the_source_page_counts_its_datasets_once(folder):
    """Several records of one dataset are one dataset, and it is found by its source."""
    folder.write(a={"title": "One", "dataset": "x"}, b={"title": "Two", "dataset": "x"})
    folder.run()
    source = folder.act("harvest_source_show", id=folder.id)
    assert source["status"]["total_datasets"] == 1
    found = tk.get_action("package_search")({}, {"fq": f'harvest_source_id:"{folder.id}"'})
    assert found["count"] == 1


def test_a_record_listed_twice_is_used_once(folder, monkeypatch):
    from municipal_test_harvester import FolderHarvester

    folder.write(a="Alpha")
    once = FolderHarvester.listing
    monkeypatch.setattr(
        FolderHarvester, "listing", lambda self, source: [*once(self, source), *once(self, source)]
    )
    run = folder.run()
    assert counts(run) == {"listed": 1, "added": 1}
    assert run["messages"][0]["rule"] == "harvest-listed-twice"


def test_findings_and_left_out_rows_are_kept_until_the_next_load(folder):
    folder.write(a="odd one")
    folder.run()
    found = rows(finding.select())
    assert [(one["quarantined"], one["rule"], one["row"]) for one in found] == [
        (False, "test-odd", 1),
        (True, "test-bad", 2),
    ]
    assert found[0]["message"]["el"]
    folder.write(a="even")
    folder.run()
    assert rows(finding.select()) == []


def test_an_unchanged_record_costs_less_than_two_milliseconds(folder):
    """The ledger holds 20,000 records; going through them again is a look into a dictionary each."""
    from ckanext.municipal.harvest.comparison import Comparison
    from ckanext.municipal.harvest.harvester import Record
    from ckanext.municipal.harvest.model import records

    now = time.time()
    ledger = [
        {"source_id": folder.id, "guid": f"r{n}", "digest": f"s:{n}", "state": "loaded"}
        for n in range(20_000)
    ]
    model.Session.execute(record.insert(), [{**one, "changed": "2026-01-01"} for one in ledger])
    model.Session.commit()
    now = time.perf_counter()
    comparison = Comparison(records.known(folder.id), "s")
    assert list(comparison.changed(Record(f"r{n}", str(n)) for n in range(20_000))) == []
    assert comparison.skipped == 20_000
    assert (time.perf_counter() - now) / 20_000 < 0.002


def test_a_second_job_of_a_source_cannot_be_made_while_one_runs(folder):
    folder.write(a="Alpha")
    job = foreground.new_job(folder.id)
    with pytest.raises(runs.SourceBusy) as busy:
        foreground.new_job(folder.id)
    assert busy.value.job_id == job


def test_a_second_run_made_behind_our_back_gives_way(folder):
    """Even where two jobs of a source exist, the database lets one of them run."""
    folder.write(a="Alpha")
    first = foreground.new_job(folder.id)
    second = HarvestJob(source_id=folder.id, status="Running")
    second.save()
    foreground.gather(foreground.harvester_of(folder.id), second.id)
    assert model.Session.get(HarvestJob, second.id).status == "Finished"
    assert foreground.run(first)["added"] == 1
