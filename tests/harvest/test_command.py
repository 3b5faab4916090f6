"""``ckan municipal harvest`` and ``sources``: what an operator types, and what comes of it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
import yaml
from ckan import model
from ckanext.harvest.queue import get_connection
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from ckanext.municipal.harvest import cli  # noqa: F401 - attaches the commands
from ckanext.municipal.harvest.model import records, sources
from ckanext.municipal.portal.cli import municipal


@pytest.fixture
def city(tmp_path, portal, app, ckan_config, monkeypatch):
    """A folder of harvesters/ with one YAML, and its records; nothing is registered yet."""
    data, harvesters = tmp_path / "data", tmp_path / "harvesters"
    data.mkdir()
    harvesters.mkdir()
    monkeypatch.setitem(ckan_config, "ckanext.municipal.harvesters", str(harvesters))
    settings = {
        "type": "municipal_test",
        "title": {"el": "Δοκιμή", "en": "Test"},
        "organization": portal["org"],
        "where": {"url": str(data)},
        "schedule": "weekly",
    }
    (harvesters / "city.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
    return City(data, harvesters, app.flask_app)


class City:
    def __init__(self, data: Path, harvesters: Path, app: Flask) -> None:
        self.data, self.harvesters, self.app = data, harvesters, app

    def write(self, **titles: str) -> None:
        for guid, title in titles.items():
            (self.data / f"{guid}.json").write_text(json.dumps({"title": title}))

    def command(self, *words: str):
        """Run ``ckan municipal WORDS`` in this process, as CKAN does when it has started."""
        model.Session.rollback()

        @click.group()
        @click.pass_context
        def ckan(context: click.Context) -> None:
            context.meta["flask_app"] = self.app

        ckan.add_command(municipal)
        return CliRunner().invoke(ckan, ["municipal", *words])


def titles():
    model.Session.rollback()
    package = model.Package
    found = model.Session.query(package.title).filter_by(type="test-record", state="active")
    return sorted(title for (title,) in found)


def fingerprint_of_everything(storage: Path) -> dict:
    """Every row of both databases, Redis, Solr and the files: what a write would change."""
    from ckan.lib.search.common import make_connection
    from ckanext.datastore.backend.postgres import get_write_engine

    model.Session.remove()
    seen = {"redis": {}, "ckan": contents(model.meta.engine)}
    seen["datastore"] = contents(get_write_engine())
    redis = get_connection()
    seen["redis"] = {key: redis.dump(key) for key in sorted(redis.keys("*"))}
    found = make_connection().search("*:*", rows=1000, fl="id,index_id,_version_")
    seen["solr"] = sorted(map(str, found.docs))
    files = (path for path in storage.rglob("*") if path.is_file())
    seen["files"] = sorted((str(path), path.stat().st_mtime_ns) for path in files)
    return seen


def contents(engine) -> dict:
    """A digest of each table: its rows, and which transaction wrote each and where; even a write
    of the same value changes that. And what every sequence gave last."""
    rows = "md5(string_agg(concat(t.xmin, t.ctid, t), '|' ORDER BY t.ctid))"
    with engine.connect() as connection:
        names = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        seen = {
            table: connection.execute(text(f'SELECT {rows} FROM "{table}" t')).scalar()
            for table in connection.execute(names).scalars().all()
        }
        sequences = text("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
        return {**seen, "sequences": [tuple(row) for row in connection.execute(sequences)]}


def test_a_source_is_registered_and_harvested(city):
    city.write(a="Alpha", b="Beta")
    done = city.command("harvest", "city")
    assert (done.exit_code, titles()) == (0, ["Alpha", "Beta"]), done.output
    source = sources.get(sources.id_of("city"))
    assert source.config["schedule"] == "weekly"
    again = city.command("harvest", "city", "--json")
    told = json.loads(again.stdout)
    assert (told["listed"], told["unchanged"], told["state"]) == (2, 2, "done")


def test_a_dry_run_shows_what_would_change_and_writes_nothing(city, ckan_config):
    city.write(a="Alpha", b="Beta", c="Gamma")
    city.command("harvest", "city")
    city.write(a="Alpha two", d="refused", e="odd one")
    (city.data / "b.json").unlink()
    storage = Path(ckan_config["ckan.storage_path"])
    before = fingerprint_of_everything(storage)
    done = city.command("harvest", "city", "--dry-run", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["would_add"], told["would_update"], told["would_delete"]) == (["e"], ["a"], ["b"])
    assert (told["unchanged"], told["set_aside"]) == (1, 1)
    assert [one["rule"] for one in told["findings"]] == ["test-odd"]
    assert told["rows_quarantined"][0]["row"] == 2
    assert fingerprint_of_everything(storage) == before


def test_a_dry_run_of_a_source_nobody_registered_registers_nothing(city, ckan_config):
    city.write(a="Alpha")
    before = fingerprint_of_everything(Path(ckan_config["ckan.storage_path"]))
    done = city.command("harvest", "city", "--dry-run")
    assert done.exit_code == 0
    assert "added: a" in done.output
    assert fingerprint_of_everything(Path(ckan_config["ckan.storage_path"])) == before


def test_a_harvester_that_writes_in_a_dry_run_is_stopped_by_the_database(city, monkeypatch):
    from municipal_test_harvester import FolderHarvester

    def check(self, source, record, report):
        model.Session.execute(text("UPDATE package SET title = 'spoilt'"))
        return record

    city.write(a="Alpha")
    city.command("harvest", "city")
    city.write(a="Beta")
    monkeypatch.setattr(FolderHarvester, "check", check)
    told = json.loads(city.command("harvest", "city", "--dry-run", "--json").stdout)
    assert told["set_aside"] == 1
    assert titles() == ["Alpha"]


def test_set_aside_records_give_exit_code_one(city):
    city.write(a="Alpha", b="refused")
    done = city.command("harvest", "city")
    assert done.exit_code == 1
    assert "“refused” is not a title" in done.output


def test_deletions_are_asked_about_and_confirmed_on_the_command_line(city):
    city.write(**{f"r{n}": f"Title {n}" for n in range(4)})
    city.command("harvest", "city")
    for n in range(3):
        (city.data / f"r{n}.json").unlink()
    asked = city.command("harvest", "city")
    assert (asked.exit_code, len(titles())) == (1, 4)
    assert "--confirm-deletions" in asked.output
    done = city.command("harvest", "city", "--confirm-deletions")
    assert (done.exit_code, titles()) == (0, ["Title 3"])


def test_another_folder_can_be_named_for_one_run(city, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.json").write_text('{"title": "Elsewhere"}')
    assert city.command("harvest", "city", "--url", str(other)).exit_code == 0
    assert titles() == ["Elsewhere"]
    assert sources.get(sources.id_of("city")).url == str(city.data)


def test_records_are_tried_again_on_request(city):
    (city.data / "faults").mkdir()
    (city.data / "faults" / "load-a").write_text("raise-once")
    city.write(a="Alpha")
    assert city.command("harvest", "city").exit_code == 1
    assert city.command("harvest", "city").exit_code == 1
    assert city.command("harvest", "city", "--retry").exit_code == 0
    assert records.set_aside(sources.id_of("city")) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "nowhere"),
        ("type: [", "1)"),
        ("- a", "docs/harvest.md"),
        ("where: {url: x}", "type"),
        ("type: municipal_test", "where"),
        ("type: municipal_test\nwhere: {url: x, inbox: y}", "where"),
        ("type: other\nwhere: {url: x}", "municipal_test"),
        ("type: municipal_test\nwhere: {url: x}\nschedule: hourly", "hourly"),
        ("type: municipal_test\nwhere: {url: x}\norganization: nobody", "nobody"),
        ("type: municipal_test\nwhere: {url: x}\nname: Όνομα", "Όνομα"),
    ],
)
def test_what_cannot_run_is_one_sentence_and_exit_code_two(city, content, said):
    name = "nowhere"
    if content is not None:
        file = city.harvesters / "bad.yaml"
        file.write_text(content)
        name = str(file)
    done = city.command("harvest", name)
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_listing_that_fails_gives_exit_code_two(city):
    (city.data / "faults").mkdir()
    (city.data / "faults" / "listing").write_text("raise")
    done = city.command("harvest", "city")
    assert done.exit_code == 2
    assert "secret" not in done.output


def test_sync_registers_every_source_once(city):
    assert "city: added" in city.command("sources", "sync").output
    assert "city: unchanged" in city.command("sources", "sync").output
    file = city.harvesters / "city.yaml"
    file.write_text(file.read_text().replace("weekly", "daily"))
    assert "city: updated" in city.command("sources", "sync").output
    city.command("harvest", "city")
    assert "city: unchanged" in city.command("sources", "sync").output
    assert "daily" in city.command("sources", "list").output


def test_a_yaml_in_the_form_of_a_source_is_found_by_name_alone(city, portal):
    """The configuration that an editor types may name a source of the folder, never a path."""
    from municipal_test_harvester import FolderHarvester

    from ckanext.municipal.harvest.source import SourceInvalid

    harvester = FolderHarvester()
    assert harvester.validate_config('{"source": "city"}')
    for bad in ('{"source": "../harvesters/city.yaml"}', '{"source": "/etc/passwd"}', "{", "[]"):
        with pytest.raises(SourceInvalid):
            harvester.validate_config(bad)
