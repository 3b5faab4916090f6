"""The command group that the whole suite hangs its commands on."""

from __future__ import annotations

from click.testing import CliRunner

from ckanext.municipal.portal import cli


def test_the_group_is_given_to_ckan_once():
    assert cli.get_commands() == [cli.municipal]


def test_help_names_the_group_in_words():
    answer = CliRunner().invoke(cli.municipal, ["--help"])
    assert answer.exit_code == 0
    assert "open data portal" in answer.output
