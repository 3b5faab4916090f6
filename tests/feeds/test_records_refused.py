"""A dataset that is not fit for the feeds stays out of them, alone, and its publisher is told why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from feed_portal import call, log, make, row, shown

from ckanext.municipal.feeds import looking, making, work
from ckanext.municipal.feeds.model import queue

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def store(dataset: dict[str, Any], **columns: str) -> None:
    """Write what no form lets in, as an import by SQL does."""
    table = model.Package.__table__
    model.Session.execute(table.update().where(table.c.id == dataset["id"]).values(**columns))
    model.Session.commit()


def rules(dataset: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in row(dataset["id"])["findings"]}


def test_a_dataset_without_a_description_is_refused_and_takes_no_other_with_it():
    poor, good = make("poor"), make("good")
    store(poor, notes="")
    set_extra(poor, "notes_translated", "")
    work.drain()
    assert shown() == {"good"}
    refused = row(poor["id"])
    assert (refused["state"], refused["turtle"]) == ("quarantined", None)
    (finding,) = [each for each in refused["findings"] if each["severity"] == "error"]
    assert all(
        finding[part][language] for part in ("message", "remedy") for language in ("el", "en")
    )
    assert [kind for kind, name in log() if name == "poor"] == []
    assert row(good["id"])["state"] == "public"


def set_extra(dataset: dict[str, Any], key: str, value: str) -> None:
    package = model.Package.get(dataset["id"])
    assert package
    package.extras[key] = value
    model.Session.commit()


@pytest.mark.parametrize(
    "error", [RuntimeError("a secret of the dataset"), RecursionError(), KeyError("x")]
)
def test_a_profile_that_fails_for_one_dataset_fails_for_it_alone(monkeypatch, error: Exception):
    poison = make("poison")
    make("good")
    real = making.make

    def fails_for_poison(dataset: dict[str, Any]) -> Any:
        if dataset["name"] == "poison":
            raise error
        return real(dataset)

    monkeypatch.setattr("ckanext.municipal.feeds.looking.make", fails_for_poison)
    work.drain()
    assert shown() == {"good"}
    assert rules(poison) == {"feeds-not-made"}
    assert "secret" not in str(row(poison["id"])["findings"])
    monkeypatch.undo()
    call("package_patch", id="poison", version="2")
    work.drain()
    assert shown() == {"good", "poison"}


@pytest.mark.parametrize(
    "text",
    [
        "\x0b",
        "\x1f",
        "]]>",
        "<script>",
        "\ufffe",
        "\r\n\t",
        '"""\\',
        "\u2028\u202e",
        "𝕏" * 9,
    ],
)
def test_whatever_a_text_holds_its_record_is_read_strictly_and_alike_in_all_forms(text: str):
    dataset = make("hostile")
    set_extra(dataset, "notes_translated", json.dumps({"el": f"α{text}ω"}))
    store(dataset, notes=f"α{text}ω")
    work.drain()
    assert shown() == {"hostile"}, row(dataset["id"])["findings"]


def test_a_uri_that_is_no_address_is_refused_with_the_remedy():
    dataset = make("odd")
    set_extra(dataset, "uri", "my dataset")
    work.drain()
    assert (shown(), rules(dataset)) == (set(), {"feeds-no-uri"})


def test_two_datasets_under_one_uri_are_not_both_told_and_the_second_comes_when_the_first_goes():
    first, second = (
        make("first", uri="https://example.org/1"),
        make("second", uri="https://example.org/1"),
    )
    work.drain()
    assert shown() == {"first"}
    assert rules(second) >= {"feeds-uri-taken"}
    call("package_delete", id=first["id"])
    work.drain()
    assert shown() == {"second"}


def test_another_uri_is_another_record_to_clients():
    dataset = make("moved", uri="https://example.org/old")
    work.drain()
    call("package_patch", id="moved", uri="https://example.org/new")
    work.drain()
    assert [kind for kind, _ in log()] == ["Create", "Delete", "Create"]
    assert row(dataset["id"])["uri"] == "https://example.org/new"


def test_a_dataset_that_is_not_fit_any_more_leaves_and_comes_back_when_mended():
    dataset = make("once")
    work.drain()
    set_extra(dataset, "uri", "no address")
    work.drain()
    refused = row(dataset["id"])
    assert (shown(), refused["state"], refused["turtle"]) == (set(), "quarantined", None)
    assert refused["uri"].startswith("http"), "its tombstone is under the URI that clients know"
    set_extra(dataset, "uri", "")
    work.drain()
    assert shown() == {"once"}
    assert [kind for kind, _ in log()] == ["Create", "Delete", "Create"]


def test_a_refused_dataset_that_is_deleted_is_forgotten():
    dataset = make("odd")
    set_extra(dataset, "uri", "no address")
    work.drain()
    call("package_delete", id="odd")
    work.drain()
    assert (row(dataset["id"]), log()) == ({}, [])


def test_an_embargo_that_cannot_be_read_holds_the_dataset_back():
    dataset = make("later", extras=[{"key": "embargo_until", "value": "next summer"}])
    work.drain()
    assert (shown(), rules(dataset)) == (set(), {"feeds-embargo"})


def test_a_dataset_that_kills_its_worker_is_set_aside_after_three_times():
    dataset = make("heavy")
    with queue.connection() as ours:
        for _ in range(looking.ATTEMPTS):  # workers that began and never came back
            assert queue.begin(ours, dataset["id"])[0]
    work.drain()
    assert (shown(), rules(dataset)) == (set(), {"feeds-killed"})
    call("package_patch", id="heavy", version="2")
    work.drain()
    assert shown() == {"heavy"}


def test_one_that_killed_its_workers_and_is_public_no_more_is_settled_too():
    dataset = make("heavy")
    store(dataset, state="draft")
    with queue.connection() as ours:
        for _ in range(looking.ATTEMPTS):
            queue.begin(ours, dataset["id"])
    work.drain()
    assert (shown(), row(dataset["id"])) == (set(), {})


def test_its_page_tells_those_who_may_edit_it_and_nobody_else(app, browse):
    organization = factories.Organization()
    dataset = make("odd", owner_org=organization["id"])
    set_extra(dataset, "uri", "no address")
    work.drain()
    page = (
        browse(factories.Sysadmin(password="correct123")).get("/dataset/odd").get_data(as_text=True)
    )
    assert 'id="municipal-feed-trouble"' in page
    assert "no address" in page
    assert 'id="municipal-feed-trouble"' not in app.get("/dataset/odd").get_data(as_text=True)
