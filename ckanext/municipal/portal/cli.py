"""``ckan municipal``: the one command group of the suite.

A capability adds its commands by decorating them with this group and letting its plugin's
``get_commands`` import that module; it returns no command of its own::

    # harvest/cli.py
    from ckanext.municipal.portal.cli import municipal

    @municipal.command("harvest")
    def harvest() -> None: ...

    # harvest/plugin.py, with plugins.implements(plugins.IClick)
    def get_commands(self) -> list[click.Command]:
        from ckanext.municipal.harvest import cli  # noqa: F401 - attaches its commands
        return []
"""

from __future__ import annotations

import click


@click.group(short_help="Municipal open data: themes, demonstration data, harvests, checks.")
def municipal() -> None:
    """Run and check a city's open data portal."""


def get_commands() -> list[click.Command]:
    """Return what CKAN's IClick is given: the group, once, by plugin ``municipal`` alone."""
    return [municipal]
