"""A run of a source, from list to datasets."""

from __future__ import annotations


def counts(run):
    names = ("listed", "added", "updated", "unchanged", "skipped", "deleted", "set_aside")
    return {name: run[name] for name in names if run[name]}


def test_records_become_datasets(folder):
    folder.write(a="Alpha", b="Beta")
    run = folder.run()
    assert counts(run) == {"listed": 2, "added": 2}
    assert run["outcome"] == "done"
    assert folder.titles() == ["Alpha", "Beta"]


def test_same_records_again_are_skipped(folder):
    folder.write(a="Alpha", b="Beta")
    folder.run()
    run = folder.run()
    assert counts(run) == {"listed": 2, "skipped": 2}
    assert folder.loads() == 2
