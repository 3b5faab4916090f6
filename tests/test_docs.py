"""The documentation says what the code does: nothing is left out, nothing is told that is not there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click
import pytest
import yaml

from ckanext.municipal.budget import codelists
from ckanext.municipal.budget.rules import RULES
from ckanext.municipal.budget.source_yaml import parse
from ckanext.municipal.budget.statement import read_statements
from ckanext.municipal.issues import source_yaml
from ckanext.municipal.issues.source import STATUSES
from ckanext.municipal.issues.sources import KINDS
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.rules import RULES as FILE_RULES
from dev import venv
from dev.docs import actions, commands, configuration, fields, tables
from dev.docs.pages import FOLDER, PAGES

ROOT = FOLDER.parent
PACKAGE = ROOT / "ckanext" / "municipal"
PAPERS = [*sorted(FOLDER.glob("*.md")), *sorted(ROOT.glob("*.md"))]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


def _page(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _blocks(name: str, language: str) -> list[str]:
    return [block for said, block in _FENCE.findall(_page(name)) if said == language]


def _name(path: Path) -> str:
    return path.name


# --- Nothing is left out -------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_page_made_from_the_code_is_up_to_date(name: str):
    assert _page(name) == PAGES[name](), "run python -m dev.docs"


def test_every_option_that_is_read_is_declared_and_documented():
    read = {
        option
        for path in PACKAGE.glob("*/config.py")
        for option in re.findall(r'"(ckanext\.municipal\.[a-z_.]+)"', path.read_text("utf-8"))
    }
    assert read
    assert read <= set(configuration.options())
    assert [each for each in read if f"### `{each}`" not in _page("configuration.md")] == []


def _is_module(name: str) -> bool:
    place = ROOT / name.replace(".", "/")
    return place.is_dir() or place.with_suffix(".py").exists()


def test_every_option_is_read_in_one_place():
    sources = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    for option in configuration.options():
        if option.startswith("ckanext.municipal."):
            readers = [path.name for path, code in sources.items() if f'"{option}"' in code]
            assert readers == ["config.py"], option


def test_every_command_is_documented():
    known = [" ".join(words) for words, _ in commands.commands(commands.group(), ("municipal",))]
    assert known
    assert [name for name in known if f"## {name}\n" not in _page("commands.md")] == []


def test_every_action_is_documented_by_what_it_returns_and_takes():
    for name, action in actions.actions().items():
        assert f"## {name} (" in _page("actions.md")
        assert re.match(r"[A-Z].*\.", action.__doc__ or "", re.DOTALL), name


def test_every_budget_rule_is_documented():
    assert [rule for rule in RULES if f"### `{rule}` (" not in _page("budget-rules.md")] == []
    page = _page("quality-rules.md")
    assert [rule for rule in FILE_RULES if f"### `{rule}` (" not in page] == []


def test_every_column_of_every_table_is_documented():
    for schema in tables.schemas():
        section = _page("tables.md").partition(f"## `{schema.name}`")[2].partition("\n## ")[0]
        assert [each for each in schema.names if f"| `{each}`" not in section] == []


def test_every_field_of_a_dataset_is_documented():
    for key in ("dataset_fields", "resource_fields"):
        for field in fields.fields_of("dataset", key):
            assert f"| `{field['field_name']}` |" in _page("fields.md")


def test_every_key_of_a_budget_source_is_documented():
    page = _page("budget-sources.md")
    used = {key for source in _sources("municipal_budget") for key in source}
    assert [key for key in used if f"`{key}" not in page] == []


def test_every_key_of_a_source_of_requests_is_documented():
    page = _page("issue-sources.md")
    sources = _sources("municipal_issues")
    used = {key for source in sources for key in source}
    used |= {key for source in sources for part in source.values() for key in _keys(part)}
    names = {"el", "en", "uid", "vat", "name", *STATUSES}
    assert [key for key in used - names if f"`{key}" not in page] == []


def test_every_kind_of_source_is_documented():
    page = _page("issue-sources.md")
    assert [kind for kind in KINDS if f"### {kind}\n" not in page] == []
    assert [kind for kind in KINDS if f"| `{kind}` |" not in page] == []


def _keys(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from part


def _sources(type_: str) -> list[dict[str, Any]]:
    paths = sorted((ROOT / "harvesters").glob("*.yaml"))
    sources = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    return [source for source in sources if source["type"] == type_]


def test_every_plugin_is_named_on_the_first_page():
    listed = re.search(r'"ckan\.plugins": \[(.*?)\]', _setup(), re.DOTALL)
    assert listed
    plugins = re.findall(r'"(\w+) = ', listed[1])
    assert len(plugins) >= 4
    assert [plugin for plugin in plugins if f"`{plugin}`" not in _page("index.md")] == []


def test_every_dependency_has_its_reason():
    required = re.search(r"install_requires=\[(.*?)\]", _setup(), re.DOTALL)
    extra = re.search(r"extras_require=\{(.*)\}", _setup())
    assert required
    assert extra
    wanted = re.findall(r'"([A-Za-z][\w.-]*)[>=]', required[1] + extra[1])
    wanted += [_package(tool) for tool in venv.TOOLS]
    named = set(_TOKEN.findall(_page("dependencies.md").lower()))
    assert [name for name in wanted if name.lower() not in named] == []


def _package(requirement: str) -> str:
    found = _TOKEN.match(requirement)
    assert found
    return found[0]


def _setup() -> str:
    return (ROOT / "setup.py").read_text(encoding="utf-8")


def test_every_page_is_in_the_contents_of_the_site():
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert sorted(_pages_in(site["nav"])) == sorted(path.name for path in FOLDER.glob("*.md"))


def _pages_in(contents: Any) -> Iterator[str]:
    if isinstance(contents, str):
        yield contents
    else:
        for part in contents.values() if isinstance(contents, dict) else contents:
            yield from _pages_in(part)


# --- Nothing is told that is not there -----------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_links_and_pictures_lead_somewhere(paper: Path):
    text = _FENCE.sub("", paper.read_text(encoding="utf-8"))
    assert [link for link in _LINK.findall(text) if not _leads_somewhere(paper, link)] == []


def _leads_somewhere(paper: Path, link: str) -> bool:
    if re.match(r"https?://|mailto:", link):
        return True
    path, _, anchor = unquote(link).partition("#")
    target = (paper.parent / path).resolve() if path else paper
    if not target.exists() or ROOT not in target.parents:
        return False
    return not anchor or anchor in _anchors(target)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", h).strip().lower()) for h in headings}


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_commands_that_are_told_exist(paper: Path):
    for words in re.findall(r"ckan municipal((?: [a-z-]+)+)", paper.read_text(encoding="utf-8")):
        found: click.Command = commands.group()
        for word in words.split():
            if not isinstance(found, click.Group):
                break
            assert word in found.commands, f"ckan municipal{words}"
            found = found.commands[word]


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_targets_of_make_that_are_told_exist(paper: Path):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    told = re.findall(r"(?:`|^|&& )make ([a-z-]+)", paper.read_text("utf-8"), re.MULTILINE)
    assert set(told) <= set(targets)


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_options_that_are_told_exist(paper: Path):
    told = re.findall(r"\bckanext\.municipal\.[a-z_.]*[a-z_]", paper.read_text(encoding="utf-8"))
    assert [t for t in told if t not in configuration.options() and not _is_part(t)] == []


def _is_part(name: str) -> bool:
    """A module of the suite, or a name in one."""
    return _is_module(name) or _is_module(name.rpartition(".")[0]) or "*" in name


def test_messages_that_publishers_are_told_are_those_of_the_form():
    section = _page("publish.md").partition("### What the form may say")[2].partition("\n## ")[0]
    told = re.findall(r"^\| (?!Message|-)(.+?) \|", section, re.MULTILINE)
    assert len(told) >= 10
    assert set(told) <= set(_literals(PACKAGE / "portal"))


def _literals(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_source_of_another_city_reads_its_export():
    export, source = _blocks("adopt.md", "csv")[0], _blocks("adopt.md", "yaml")[0]
    told = parse(source, "nea-poli-budget.yaml")
    services = codelists.services().code_for
    [statement] = read_statements(
        export.encode("cp1253"), "exoda/2025-03-31.csv", told, services=services
    )
    assert [(one.service_code, one.code_raw, str(one.paid)) for one in statement.lines] == [
        ("30", "30.6262.01", "4250.50"),
        ("35", "35.6693.01", "0.00"),
    ]
    assert statement.findings == ()
    assert statement.quarantined == ()


def test_source_of_requests_that_operators_are_shown_can_be_read():
    (example,) = _blocks("issue-sources.md", "yaml")
    told = source_yaml.parse(example, "neapoli-requests.yaml", Box(22.0, 40.0, 23.0, 41.0))
    assert (told.kind, told.reader.m_id, told.privacy.grid_metres) == ("improve_my_city", 2, 200)
    assert [category.code for category in told.categories if category.sensitive] == ["social-care"]


_IMPORTS = """\
from __future__ import annotations
from ckanext.municipal.budget.phases import label
from ckanext.municipal.budget.rules.examples import line, statement
from ckanext.municipal.budget.rules.registry import Scope, checks, of_side
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Severity
"""


def test_rule_that_developers_are_shown_is_broken_by_its_example():
    example = _blocks("extend.md", "python")[0]
    known = dict(RULES)
    try:
        exec(_IMPORTS + example, names := {})  # the page shows the rule, not its imports
        entry = RULES["round-thousands"]
        assert names["round_thousands"].__doc__
        assert [finding.rule.id for finding in entry.check(entry.example(), None)] == [
            entry.rule.id
        ]
    finally:
        RULES.clear()
        RULES.update(known)
