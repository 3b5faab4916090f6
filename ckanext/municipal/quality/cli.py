"""``ckan municipal quality``: what a dataset is worth, and checks of links."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import click

from ckanext.municipal.lib.texts import text
from ckanext.municipal.portal import language
from ckanext.municipal.portal.cli import municipal
from ckanext.municipal.quality import reading
from ckanext.municipal.quality.links import work
from ckanext.municipal.quality.links.judging import Known
from ckanext.municipal.quality.mail import work as mail
from ckanext.municipal.quality.model import links
from ckanext.municipal.quality.model.connection import connection
from ckanext.municipal.quality.resources import work as resources
from ckanext.municipal.quality.score.metrics import BANDS, DIMENSIONS, Band, Dimension

_OPERATOR: Any = {"ignore_auth": True}


@contextmanager
def _or_sentence() -> Iterator[None]:
    """End with a sentence where there is no such dataset."""
    try:
        yield
    except tk.ObjectNotFound as error:
        raise click.ClickException(str(error.message)) from error


@municipal.group("quality", short_help="Quality of metadata.")
def quality() -> None:
    """Quality of metadata: scores, what to mend, links."""


@quality.command("check")
@click.argument("what")
@click.option("--schema", help="A Table Schema (JSON) that the table has to keep to.")
@click.option("--json", "as_json", is_flag=True, help="Print everything that is known, as JSON.")
@click.pass_context
def check(context: click.Context, what: str, schema: str | None, as_json: bool) -> None:
    """Tell what is wrong with WHAT, and how to put it right: a file, an address of one, or a dataset.

    Of a file or address every row is read; of a dataset (id or name) it is told what its metadata is
    worth and what to mend first. The exit code is 1 when something is wrong that is an error, and 2
    for a file that cannot be read.
    """
    # Only here: reading tables takes DuckDB, for which every other command would wait.
    from ckanext.municipal.quality.files.cli import check_file, is_file

    if is_file(what):
        context.exit(check_file(what, schema, as_json, language.default()))
    _check_dataset(context, what, as_json)


def _check_dataset(context: click.Context, dataset: str, as_json: bool) -> None:
    with _or_sentence():
        of, told = reading.dataset(_OPERATOR, dataset, "municipal_quality_show")
    if as_json:
        click.echo(json.dumps({**of, **told}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_report(told, language.default())))
    errors = [each for each in told["findings"] if each["severity"] == "error"]
    context.exit(1 if errors else 0)


def _report(told: dict[str, Any], said: str) -> list[str]:
    """Return the answer about a dataset as lines of text."""
    lines = [f"{told['points']} / {told['of']}  {text(BANDS[Band(told['band'])], said)}"]
    for name in Dimension:
        part = told["dimensions"][name.value]
        lines.append(f"  {part['points']:>3} / {part['of']:<3}  {text(DIMENSIONS[name], said)}")
    for each in told["fixes"]:
        lines.append(f"{each['gain']:+4}  {each['message'][said]} {each['remedy'][said]}")
        lines += [f"        {part['name'][said]}" for part in each["resources"]]
    for each in told["findings"]:
        lines.append(f"{each['severity']}: {each['message'][said]} {each['remedy'][said]}")
    return lines


@quality.command("links")
@click.option(
    "--all", "everything", is_flag=True, help="Ask every address, whether it is due or not."
)
@click.option("--dataset", default="", help="Ask the addresses of this dataset (id or name) first.")
@click.option("--seconds", type=float, default=float("inf"), help="Stop after so many seconds.")
def check_links(everything: bool, dataset: str, seconds: float) -> None:
    """Ask the addresses of files that are due, one at a time for each server.

    Started again after an interruption, or beside the worker of jobs, it does what is left.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if everything or dataset:
        with _or_sentence():
            of = dataset and reading.visible(_OPERATOR, dataset, "municipal_quality_show")
        with connection() as ours:
            links.make_due(ours, of["id"] if of else None)
    done = work.check_due(seconds, stop, _tell)
    click.echo(f"{done} addresses asked", err=True)


@quality.command("files")
@click.option(
    "--seconds", type=float, default=float("inf"), help="Begin none after so many seconds."
)
def check_files(seconds: float) -> None:
    """Read the files of datasets that were uploaded or changed and wait to be checked.

    Started again after an interruption, or beside the worker of jobs, it does what is left.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    done = resources.check_waiting(seconds, stop, _tell_file)
    click.echo(f"{done} files read", err=True)


@quality.command("mail")
def send_mail() -> None:
    """Tell the administrators of departments what got worse, those who are due."""
    click.echo(f"{mail.send_due()} letters sent", err=True)


def _tell_file(url: str, written: Mapping[str, Any]) -> None:
    reason = written["reason"]
    found = "  ".join(f"{name} {written[name]}" for name in ("errors", "warnings", "notes"))
    click.echo(f"{reason[language.default()] if reason else found}  {url}")


def _tell(url: str, known: Known) -> None:
    state = known.state.value if known.state else "unknown"
    click.echo(f"{state:<8} {known.status or '-':>3}  {url}")
