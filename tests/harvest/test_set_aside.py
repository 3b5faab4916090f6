"""A record that fails is set aside with its reason; the run and the worker go on."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckanext.harvest.model import HarvestObjectError

from ckanext.municipal.harvest.model import records


@pytest.mark.parametrize("stage", ["fetch-b", "load-b", "loaded-b"])
def test_one_bad_record_does_not_stop_the_others(folder, stage):
    folder.write(a="Alpha", b="Beta", c="Gamma")
    folder.fault(stage)
    run = folder.run()
    assert (run["added"], run["set_aside"], run["outcome"]) == (2, 1, "done")
    assert {"Alpha", "Gamma"} <= set(folder.titles())
    (aside,) = records.set_aside(folder.id)
    assert aside["guid"] == "b"
    assert "KeyError" in aside["reason"]["en"]


def test_the_reason_holds_neither_traceback_nor_data(folder):
    folder.write(a="Alpha")
    folder.fault("load-a")
    folder.run()
    told = (
        str(records.set_aside(folder.id)) + model.Session.query(HarvestObjectError.message).scalar()
    )
    assert "secret" not in told
    assert "Traceback" not in told


def test_it_is_tried_again_only_when_it_changes(folder):
    folder.write(a="refused")
    assert folder.run()["set_aside"] == 1
    run = folder.run()
    assert (run["total"], run["set_aside"]) == (0, 1)
    assert (
        (records.set_aside(folder.id)[0]["reason"]["en"])
        == "“refused” is not a title. Write another one."
    )
    folder.write(a="Alpha")
    assert folder.run()["added"] == 1
    assert records.set_aside(folder.id) == []


def test_it_is_tried_again_when_an_editor_asks(folder, portal):
    folder.write(a="Alpha")
    fault = folder.fault("load-a")
    folder.run()
    fault.unlink()
    assert folder.run()["total"] == 0
    from ckanext.municipal.harvest import foreground

    answer = tk.get_action("municipal_harvest_retry")(
        {"ignore_auth": True, "user": portal["user"]}, {"id": folder.id}
    )
    assert answer["tried"] == 1
    assert foreground.run(answer["job"])["added"] == 1


def test_a_server_that_is_down_is_asked_again_by_the_next_run(folder):
    folder.write(a="Alpha")
    folder.fault("fetch-a", "later-once")
    assert folder.run()["set_aside"] == 1
    assert folder.run()["added"] == 1


def test_a_late_digest_stays_set_aside_until_the_content_changes(make_folder):
    folder = make_folder(digest="late")
    folder.write(a="refused")
    folder.run()
    run = folder.run()
    assert (run["set_aside"], folder.loads()) == (1, 0)
    folder.write(a="Alpha")
    assert folder.run()["added"] == 1


def test_what_was_published_before_stays(folder):
    folder.write(a="Alpha")
    folder.run()
    folder.write(a="refused")
    folder.run()
    assert folder.titles() == ["Alpha"]


def test_what_the_portal_refuses_names_the_fields(folder):
    folder.write(a={"title": "x" * 20, "dataset": "y"})
    from municipal_test_harvester import FolderHarvester

    original = FolderHarvester.load

    def load(self, source, record, report):
        raise tk.ValidationError({"title": ["secret value"]})

    FolderHarvester.load = load
    try:
        folder.run()
    finally:
        FolderHarvester.load = original
    reason = records.set_aside(folder.id)[0]["reason"]["en"]
    assert "title" in reason
    assert "secret" not in reason


def test_a_broken_transaction_of_one_record_is_rolled_back(folder):
    from municipal_test_harvester import FolderHarvester

    folder.write(a="Alpha", b="Beta")
    original = FolderHarvester.load

    def load(self, source, record, report):
        if record.guid == "a":
            import sqlalchemy as sa

            model.Session.execute(sa.text("SELECT 1/0"))
        return original(self, source, record, report)

    FolderHarvester.load = load
    try:
        run = folder.run()
    finally:
        FolderHarvester.load = original
    assert (run["added"], run["set_aside"]) == (1, 1)


def test_a_conclusion_that_fails_fails_the_run_and_comes_again(folder):
    folder.write(a="Alpha")
    folder.fault("conclude", "raise-once")
    run = folder.run()
    assert (run["added"], run["outcome"]) == (1, "failed")
    assert folder.run()["outcome"] == "done"
