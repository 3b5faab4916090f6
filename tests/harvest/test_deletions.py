"""Records that are gone: deleted when few, asked about when many, never after half a list."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.harvest.comparison import Comparison, decide_deletions
from ckanext.municipal.harvest.model.records import Known
from ckanext.municipal.harvest.record import Record

TEN = {f"r{n}": f"Title {n}" for n in range(10)}


def decide(known, listed, share=0.1, confirmed=False):
    comparison = Comparison({guid: Known("s:1") for guid in known}, "s")
    assert list(comparison.changed(Record(guid, "1") for guid in listed)) is not None
    return decide_deletions(comparison, share, confirmed=confirmed)


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)), st.floats(0, 1))
def test_what_is_gone_is_either_deleted_or_asked_about(known, listed, share):
    decided = decide(map(str, known), map(str, listed), share)
    gone = {str(guid) for guid in known - listed}
    assert set(decided.delete) | set(decided.ask) == gone
    assert not (decided.delete and decided.ask)
    if known and not listed:
        assert not decided.delete
    assert bool(decided.question) == bool(decided.ask)
    assert len(decided.delete) <= max(1, share * len(known))


@pytest.mark.parametrize(("gone", "deletes"), [(1, 1), (2, 2), (3, 0), (20, 0)])
def test_more_than_a_tenth_is_a_question(gone, deletes):
    known = [str(n) for n in range(20)]
    assert len(decide(known, known[gone:]).delete) == deletes


def test_one_record_that_is_gone_is_deleted(folder):
    folder.write(**TEN)
    folder.run()
    folder.delete("r3")
    run = folder.run()
    assert (run["deleted"], run["outcome"]) == (1, "done")
    assert "Title 3" not in folder.titles()
    assert len(folder.titles()) == 9
    assert folder.run()["outcome"] == "done"


def test_many_that_are_gone_wait_for_an_answer(folder):
    folder.write(**TEN)
    folder.run()
    folder.delete("r1", "r2", "r3")
    folder.write(r4="New")
    run = folder.run()
    assert (run["deleted"], run["absent"], run["outcome"]) == (0, 3, "asking")
    assert run["updated"] == 1, "what is listed is loaded all the same"
    assert len(folder.titles()) == 10
    assert folder.run(confirmed=True)["deleted"] == 3
    assert len(folder.titles()) == 7


def test_the_answer_of_an_editor_deletes_what_was_asked_about_and_no_more(folder, portal):
    folder.write(**TEN)
    folder.run()
    folder.delete("r1", "r2", "r3")
    folder.run()
    asked = tk.get_action("municipal_harvest_findings")({"ignore_auth": True}, {"id": folder.id})
    assert asked["absent"] == ["r1", "r2", "r3"]
    answer = tk.get_action("municipal_harvest_confirm_deletions")(
        {"ignore_auth": True, "user": portal["user"]}, {"id": folder.id}
    )
    assert answer["confirmed"] == 3
    folder.delete("r5", "r6", "r7")
    folder.write(r1="Title 1")
    from ckanext.municipal.harvest import foreground

    run = foreground.run(answer["job"])
    assert (run["deleted"], run["absent"]) == (2, 3)
    assert {"Title 1", "Title 5", "Title 6", "Title 7"} <= set(folder.titles())


def test_an_empty_list_deletes_nothing(folder):
    folder.write(a="Alpha")
    folder.run()
    folder.delete("a")
    run = folder.run()
    assert (run["deleted"], run["outcome"]) == (0, "asking")
    assert run["messages"][0]["rule"] == "harvest-source-empty"
    assert folder.titles() == ["Alpha"]


def test_half_a_list_deletes_nothing_and_keeps_what_it_found(folder):
    folder.write(**TEN)
    folder.run()
    folder.delete("r1")
    folder.write(r0="Zero anew")
    folder.fault("listing-r5", "raise-once")
    run = folder.run()
    assert (run["deleted"], run["updated"], run["outcome"]) == (0, 1, "failed")
    assert "secret" not in str(run["messages"])
    assert len(folder.titles()) == 10
    assert folder.run()["deleted"] == 1


def test_a_deleted_record_that_is_listed_again_comes_back(folder):
    folder.write(a="Alpha", b="Beta")
    folder.run()
    folder.delete("a")
    folder.run()
    folder.write(a="Alpha")
    folder.run()
    assert folder.titles() == ["Alpha", "Beta"]


def test_a_dataset_that_cannot_be_deleted_is_tried_again(folder, monkeypatch):
    from municipal_test_harvester import FolderHarvester

    folder.write(a="Alpha", b="Beta")
    folder.run()
    folder.delete("a")
    with monkeypatch.context() as patch:
        patch.setattr(FolderHarvester, "remove", lambda *_: 1 / 0)
        run = folder.run()
    assert (run["deleted"], run["set_aside"]) == (0, 1)
    assert folder.run()["deleted"] == 1
    assert folder.titles() == ["Beta"]
