"""The doctor says what is wrong with an installation, what to do, and never a secret."""

from __future__ import annotations

import json

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import doctor
from ckanext.municipal.portal.cli import municipal
from ckanext.municipal.portal.doctor import data, settings


def rules(findings):
    return [finding.rule.id for finding in findings]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.11.6", []),
        ("2.11.4", ["doctor-ckan-unsafe"]),
        ("2.12.0", ["doctor-ckan-unsafe"]),
        ("2.10.11", ["doctor-ckan-old"]),
        ("2.13.0a0", ["doctor-ckan-old"]),
    ],
)
def test_a_release_without_the_security_fixes_is_told(version, expected):
    assert rules(settings.version_findings(version)) == expected


def test_a_missing_plugin_and_a_wrong_order_are_told():
    good = ["municipal", "dcat", "scheming_datasets", "scheming_organizations", "scheming_groups"]
    assert rules(settings.plugin_findings(good)) == []
    assert rules(settings.plugin_findings(good[1:])) == ["doctor-plugin-missing"]
    late = [*good[1:], "municipal"]
    assert set(rules(settings.plugin_findings(late))) == {"doctor-plugin-order"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://data.example.org", []),
        ("http://localhost:5000", []),
        ("http://data.example.org", ["doctor-no-https"]),
        ("", ["doctor-site-url"]),
        ("data.example.org", ["doctor-site-url"]),
        ("https://example.org/data", ["doctor-site-url"]),
    ],
)
def test_an_address_that_does_not_work_is_told(address, expected):
    assert rules(settings.address_findings(address)) == expected


def test_a_weak_secret_is_told_but_not_shown(with_plugins, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "SECRET_KEY", "planted-secret")
    (finding, *_) = list(settings.secrets())
    told = finding.message("en") + finding.remedy("en")
    assert "SECRET_KEY" in told
    assert "planted" not in told


def test_open_sql_search_is_an_error(with_plugins, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.datastore.sqlsearch.enabled", True)
    assert "doctor-risky-option" in rules(settings.cookies())


def test_a_check_that_breaks_is_a_finding_and_stops_no_other():
    def broken():
        raise ConnectionError("secret:password@host")

    checks = [doctor.Check("a", N_("A"), broken), doctor.Check("b", N_("B"), tuple)]
    results = doctor.examine(checks)
    assert [result.state for result in results] == ["error", "ok"]
    assert "password" not in json.dumps(results[0].as_dict("en"))


@pytest.mark.usefixtures("fresh_site")
class TestInstallation:
    """On the portal of the tests."""

    def test_services_of_the_tests_are_well(self):
        states = {result.check.id: result.state for result in doctor.examine()}
        well = ("solr", "redis", "datastore", "index", "files", "storage", "plugins", "schemas")
        assert {check: states[check] for check in well} == dict.fromkeys(well, "ok")
        assert states["workers"] == "warning"

    def test_a_harvest_source_is_no_dataset_that_the_index_lacks(self):
        factories.Dataset()
        source = {"name": "a-portal", "title": "A portal", "url": "https://example.org"}
        context = {"user": factories.Sysadmin()["name"]}
        tk.get_action("harvest_source_create")(context, {**source, "source_type": "dcat_rdf"})
        assert list(data.index()) == []

    def test_the_command_prints_json_and_ends_with_its_verdict(self, cli):
        answer = cli.invoke(municipal, ["doctor", "--json"])
        results = json.loads(answer.stdout[answer.stdout.index("[") :])
        errors = any(result["state"] == "error" for result in results)
        assert answer.exit_code == int(errors)
        assert {"check", "title", "state", "findings"} == set(results[0])

    def test_the_command_says_what_to_do(self, cli):
        assert "ckan jobs worker" in cli.invoke(municipal, ["doctor"]).output

    def test_a_dataset_that_is_not_indexed_is_told(self):
        from ckan.lib.search import clear_all

        factories.Dataset()
        clear_all()
        states = {result.check.id: rules(result.findings) for result in doctor.examine()}
        assert states["index"] == ["doctor-index-incomplete"]

    def test_themes_are_made_from_the_command_line(self, cli):
        assert "18 created" in cli.invoke(municipal, ["themes", "sync"]).output
        assert "18 unchanged" in cli.invoke(municipal, ["themes", "sync"]).output
        assert len(tk.get_action("group_list")({}, {})) == 18

    def test_demo_load_names_a_folder_without_data(self, cli, tmp_path):
        answer = cli.invoke(municipal, ["demo", "load", str(tmp_path)])
        assert answer.exit_code == 1
        assert "metadata.yaml" in answer.output
