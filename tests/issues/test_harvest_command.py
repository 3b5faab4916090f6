"""``ckan municipal harvest`` on a source of requests: the dry run, the faults of a YAML, the exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
import pytest
import yaml
from ckan import model
from ckan.tests import factories
from click.testing import CliRunner, Result
from servers import going_wrong as wrong
from servers.improve_my_city import HOUR, START, issue
from servers.serving import Fault

from ckanext.municipal.harvest import cli  # noqa: F401 - attaches the command
from ckanext.municipal.portal.cli import municipal
from dev.demo.improve_my_city.site import simple_site
from tests.conftest import Browser
from tests.issues.harvested import clean_cells, portal, versions
from tests.issues.kept_site import app, loaded_plugins

__all__ = ["app", "clean_cells", "loaded_plugins", "portal"]

Harvest = Callable[..., Result]


@pytest.fixture
def flask_app(app) -> Any:
    """The portal as an application."""
    return app.flask_app


@pytest.fixture
def harvest(portal, flask_app, tmp_path) -> Harvest:
    """Run the command on the YAML of a city, some of its keys changed."""
    file = tmp_path / "city.yaml"

    def run(city: Any, *options: str, **changes: Any) -> Result:
        model.Session.rollback()
        file.write_text(yaml.safe_dump({**city.yaml, **changes}, allow_unicode=True))

        @click.group()
        @click.pass_context
        def ckan(context: click.Context) -> None:
            context.meta["flask_app"] = flask_app

        ckan.add_command(municipal)
        return CliRunner().invoke(ckan, ["municipal", "harvest", str(file), *options])

    return run


def test_a_dry_run_tells_what_is_odd_and_writes_nothing(portal, harvest):
    made = simple_site()
    made.put(*(issue(n, category=30) for n in range(1, 8)), issue(8, created=0, history=()))
    city = portal.city(made)
    before = versions(of_harvest=True)
    result = harvest(city, "--dry-run", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["dry_run"], told["would_add"]) == (True, ["requests"])
    rules = {finding["rule"] for finding in told["findings"]}
    assert {"issues-category-unknown", "issues-no-date"} <= rules
    assert versions(of_harvest=True) == before
    assert city.dataset() is None
    assert [path for path in (portal.folder / "storage").rglob("*") if path.is_file()] == []


def test_a_dry_run_after_a_harvest_leaves_the_next_run_all_there_is_to_do(portal, harvest):
    city = portal.city(20)
    assert harvest(city).exit_code == 0
    city.site.delete(3)
    city.site.move(5, 4, START + 99 * HOUR)
    content, before = city.content(), versions(of_harvest=True)
    assert harvest(city, "--dry-run").exit_code == 0
    assert versions(of_harvest=True) == before
    assert city.content() == content
    assert harvest(city).exit_code == 0
    assert len(city.ids()) == 19


def would(harvest, city, **changes: Any) -> dict[str, Any]:
    """What a dry run says; nothing is written by it."""
    before = versions(of_harvest=True)
    result = harvest(city, "--dry-run", "--json", **changes)
    assert result.exit_code == 0, result.output
    assert versions(of_harvest=True) == before
    return json.loads(result.stdout)


def test_a_dry_run_says_that_nothing_would_change_where_nothing_would(portal, harvest):
    city = portal.city(20)
    assert harvest(city).exit_code == 0
    told = would(harvest, city)
    assert (told["unchanged"], told["added"], told["updated"]) == (1, 0, 0)
    assert harvest(city, "--retry").exit_code == 0
    assert would(harvest, city)["unchanged"] == 1


def test_a_dry_run_says_of_anything_that_would_change_that_it_would(portal, harvest):
    city = portal.city(20)
    assert harvest(city).exit_code == 0
    site, later = city.site, START + 99 * HOUR
    moved = {"latitude": "40.6212", "longitude": "22.9655", "updated": later}
    title = {"title": {"el": "Άλλος τίτλος", "en": "Another title"}}
    for what, change, said in (
        ("a step", lambda: site.move(5, 4, later), {}),
        ("a place", lambda: site.change(5, **moved), {}),
        ("a new one", lambda: site.put(issue(21, updated=later)), {}),
        ("one that is hidden", lambda: site.change(7, moderation=1, updated=later), {}),
        ("one that is deleted", lambda: site.delete(8), {}),
        ("a step and back", lambda: (site.move(9, 2, later), site.move(9, 1, later + HOUR)), {}),
        ("another title", lambda: None, title),
        ("a stricter privacy", lambda: None, {**title, "privacy": {"k": 50}}),
    ):
        change()
        told = would(harvest, city, **said)
        assert (told["would_update"], told["unchanged"]) == (["requests"], 0), what
        content = city.content()
        assert harvest(city, **said).exit_code == 0
        assert city.content() != content, what
    assert would(harvest, city, **said)["unchanged"] == 1


def test_a_dry_run_asks_what_the_run_would_ask(portal, harvest):
    city = portal.city(20)
    assert harvest(city).exit_code == 0
    for number in range(1, 16):
        city.site.delete(number)
    told = would(harvest, city)
    assert [message["rule"] for message in told["messages"]] == ["harvest-deletions-held"]
    assert told["unchanged"] == 1, "nothing is deleted before the answer"


def test_how_much_personal_data_was_taken_out_is_told_and_what_it_was_is_not(portal, harvest, app):
    made = simple_site()
    said = "Με λένε Μαρία Παππά, τηλ. 6971234567 ή 6971234568."
    made.put(*(issue(n, title="Λακκούβα", description=said) for n in range(1, 4)))
    city = portal.city(made, privacy={"title": True, "description": True})
    told = would(harvest, city)
    assert [message["rule"] for message in told["messages"]] == ["issues-redacted"]
    result = harvest(city)
    assert result.exit_code == 0, result.output
    assert "phone 6, name 3" in result.output or "τηλέφωνο 6, όνομα 3" in result.output
    admin = Browser(app, factories.Sysadmin(password="correct123")["name"], "correct123")
    page = admin.get(f"/harvest/admin/{city.source['name']}").get_data(as_text=True)
    assert "phone 6, name 3" in page or "τηλέφωνο 6, όνομα 3" in page
    for text in (told, result.output, page):
        assert "Παππά" not in str(text)
        assert "697123456" not in str(text)


def test_the_faults_of_a_source_are_told_at_once_and_nothing_is_asked_of_the_city(portal, harvest):
    city = portal.city(5)
    key = {"kind": "improve_my_city", "key": "sixteen-letters!"}
    result = harvest(city, source=key, privacy={"k": 2}, statuses={"done": ["Κλειστό"]})
    assert result.exit_code == 2
    for told in ("source.key", "privacy.k", "statuses.done"):
        assert told in result.output
    assert "sixteen" not in result.output
    assert city.city.server.requests == []


def test_exit_codes_tell_a_question_and_a_site_that_is_down(portal, harvest):
    city = portal.city(20)
    assert harvest(city).exit_code == 0
    for number in range(1, 16):
        city.site.delete(number)
    assert harvest(city).exit_code == 1
    assert harvest(city, "--confirm-deletions").exit_code == 0
    assert len(city.ids()) == 5
    city.city.server.otherwise.faults = (Fault(wrong.login_page(), times=0),)
    city.city.server.otherwise.seen = [0]
    assert harvest(city).exit_code == 1
    assert len(city.ids()) == 5


def test_another_place_is_read_for_one_run_alone(portal, harvest):
    """An address on the command line: that of a copy of the site, say."""
    city, copy = portal.city(20), portal.city(21, name="copy")
    assert harvest(city).exit_code == 0
    assert harvest(city, "--url", copy.yaml["where"]["url"]).exit_code == 0
    assert len(city.ids()) == 21
    assert harvest(city).exit_code == 0
    assert len(city.ids()) == 20
