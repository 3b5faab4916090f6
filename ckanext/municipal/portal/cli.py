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

import json
from pathlib import Path

import click

_STATES = {"ok": "ok     ", "note": "note   ", "warning": "WARNING", "error": "ERROR  "}


@click.group(short_help="Municipal open data: themes, demonstration data, harvests, checks.")
def municipal() -> None:
    """Run and check a city's open data portal."""


@municipal.group("themes", short_help="Municipal themes, which are groups of CKAN.")
def themes() -> None:
    """Municipal themes, which are groups of CKAN."""


@themes.command("sync")
def sync_themes() -> None:
    """Make and update the group of every theme of themes.yaml; run again, it changes nothing."""
    from ckanext.municipal.portal import themes

    try:
        changes = themes.sync()
    except themes.ThemesError as error:
        raise click.ClickException(str(error)) from error
    for name in changes.created:
        click.echo(f"created    {name}")
    for name in changes.updated:
        click.echo(f"updated    {name}")
    click.echo(
        f"{len(changes.created)} created, {len(changes.updated)} updated, "
        f"{len(changes.unchanged)} unchanged"
    )


@municipal.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option("--strict", is_flag=True, help="End with exit code 1 on warnings too.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, strict: bool) -> None:
    """Check this installation and say what to do about what is wrong.

    The exit code is 1 when there is an error (with --strict, or a warning), else 0.
    """
    from ckanext.municipal.portal import doctor, language

    results = [result.as_dict(language.default()) for result in doctor.examine()]
    click.echo(json.dumps(results, ensure_ascii=False, indent=2) if as_json else report(results))
    bad = {"error", "warning"} if strict else {"error"}
    ctx.exit(1 if any(result["state"] in bad for result in results) else 0)


@municipal.group("demo", short_help="Demonstration data.")
def demo() -> None:
    """Demonstration data."""


@demo.command("load")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False
)
def load_demo(folder: Path | None) -> None:
    """Load the demonstration datasets of FOLDER; run again, it changes nothing.

    Without FOLDER only the themes are made.
    """
    from ckanext.municipal.portal import demo, themes

    try:
        changes = themes.sync()
        click.echo(f"themes: {len(changes.created)} created, {len(changes.updated)} updated")
        for loaded in demo.load(folder) if folder else ():
            click.echo(f"{loaded.state:<10} {loaded.kind} {loaded.name}")
    except (demo.DemoError, themes.ThemesError) as error:
        raise click.ClickException(str(error)) from error


def report(results: list[dict[str, object]]) -> str:
    """Write results for people: one line a check, what is wrong below it."""
    lines = []
    for result in results:
        lines.append(f"{_STATES[str(result['state'])]}  {result['title']}")
        for finding in result["findings"]:  # type: ignore[attr-defined]
            lines.append(f"         {finding['message']}\n         -> {finding['remedy']}")
    return "\n".join(lines)


def get_commands() -> list[click.Command]:
    """Return what CKAN's IClick is given: the group, once, by plugin ``municipal`` alone."""
    return [municipal]
