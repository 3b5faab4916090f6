"""docs/commands.md: ``ckan municipal --help`` of every command."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import click

from ckanext.municipal.portal.cli import municipal
from dev.docs import markdown
from dev.docs.configuration import PACKAGE

_OPENING = """\
Commands of the suite, as their `--help` has them. On one machine write `bin/ckan municipal …`; in
an installation of your own `ckan -c /etc/ckan/ckan.ini municipal …`."""
_WIDTH = 88


def group() -> click.Group:
    """Return the command group with what every capability adds to it."""
    for path in sorted(PACKAGE.glob("*/cli.py")):
        importlib.import_module(f"ckanext.municipal.{path.parent.name}.cli")
    return municipal


def commands(
    of: click.Group, words: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below a group (not the groups), with the words that call it."""
    for name, command in sorted(of.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name), command


def render() -> str:
    """Return the page."""
    return markdown.page(_lines())


def _lines() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield markdown.note("the commands' own help")
    yield ""
    yield _OPENING
    for words, command in commands(group(), ("municipal",)):
        called = " ".join(words)
        yield ""
        yield f"## {called}"
        yield ""
        yield "```"
        context = click.Context(command, info_name=f"ckan {called}", terminal_width=_WIDTH)
        yield command.get_help(context).rstrip()
        yield "```"
