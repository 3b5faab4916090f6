"""``ckan municipal harvest``, ``sources`` and ``scheduler``."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ckanext.municipal.harvest import config, foreground, registration, scheduler, terminal
from ckanext.municipal.harvest.model import records, runs
from ckanext.municipal.harvest.preview import preview
from ckanext.municipal.harvest.source import (
    SourceFile,
    SourceInvalid,
    named_source,
    read_source_file,
    source_files,
)
from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal.cli import municipal


class CannotRun(click.ClickException):
    """The command did nothing: one sentence, exit code 2."""

    exit_code = 2


@municipal.command()
@click.argument("source", metavar="NAME|FILE.yaml")
@click.option("--url", help="Read from this URL or folder instead, this time alone.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--confirm-deletions", "confirmed", is_flag=True, help="Whatever is gone may be deleted."
)
@click.option("--retry", is_flag=True, help="Try the set-aside records again.")
@click.pass_context
def harvest(
    context: click.Context,
    source: str,
    *,
    url: str | None,
    dry_run: bool,
    as_json: bool,
    confirmed: bool,
    retry: bool,
) -> None:
    """Harvest a source here and now: the stages that the workers run, with a progress bar.

    NAME is a file of the folder harvesters/ without .yaml, or the path of a YAML anywhere. The
    source is registered in CKAN if it is not yet. Exit code 0: all is loaded; 1: some records are
    set aside or a question is open; 2: it could not run.
    """
    with _portal(context), _sentences():
        file = _source_file(source)
        url = str(Path(url).resolve()) if url and Path(url).exists() else url
        if dry_run:
            _preview(file, url, confirmed, as_json)
            return
        source_id, _ = registration.register(file)
        if retry:
            records.retry_set_aside(source_id)
            model.Session.commit()
        run = _run(source_id, url, confirmed, as_json)
        terminal.show_run(file.name, run, as_json=as_json)
        context.exit(terminal.exit_code(run))


@municipal.group()
def sources() -> None:
    """The sources in the folder harvesters/."""


@sources.command()
@click.pass_context
def sync(context: click.Context) -> None:
    """Register every source of the folder in CKAN, and change those that differ."""
    with _portal(context), _sentences():
        for file in source_files(config.harvesters_folder()):
            _, outcome = registration.register(file)
            click.echo(f"{file.name}: {outcome}")


@sources.command("list")
@click.pass_context
def list_(context: click.Context) -> None:
    """List the sources of the folder, with what reads them and where they look."""
    with _portal(context), _sentences():
        for file in source_files(config.harvesters_folder()):
            click.echo(f"{file.name}\t{file.type}\t{file.frequency.lower()}\t{file.url}")


@municipal.command("scheduler")
@click.option("--once", is_flag=True, help="Do one round and end.")
@click.pass_context
def scheduler_(context: click.Context, once: bool) -> None:
    """Start sources when they are due, and see that every run ends. Runs until it is stopped."""
    with _portal(context):
        if once:
            scheduler.tick()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        scheduler.run_forever(stop)


@contextmanager
def _portal(context: click.Context) -> Iterator[None]:
    """What an action needs besides a database: an application and a language, the portal's."""
    language = tk.config.get("ckan.locale_default") or "en"
    environ = {"CKAN_LANG": language, "CKAN_LANG_IS_DEFAULT": True}
    with context.meta["flask_app"].test_request_context(environ_overrides=environ):
        yield


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn what speaks against running into a sentence and exit code 2."""
    try:
        yield
    except ReadableError as error:
        raise CannotRun(error.message(tk.h.lang())) from None
    except tk.ValidationError as error:
        raise CannotRun(json.dumps(error.error_summary, ensure_ascii=False)) from None
    except tk.ObjectNotFound as error:
        raise CannotRun(str(error)) from None


def _source_file(source: str) -> SourceFile:
    path = Path(source)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise SourceInvalid(N_("{file} does not exist. Check the path."), file=source)
        return read_source_file(path)
    return named_source(source, config.harvesters_folder())


def _run(source_id: str, url: str | None, confirmed: bool, as_json: bool) -> dict[str, Any]:
    with terminal.progress(quiet=as_json) as watch:
        try:
            job_id = foreground.new_job(source_id, url)
        except runs.SourceBusy as busy:
            return _follow(busy.job_id, watch)
        return foreground.run(job_id, confirmed=confirmed, watch=watch)


def _follow(job_id: str, watch: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    click.echo(
        tk._("A run of this source is going on; following it (job {job}).").format(job=job_id),
        err=True,
    )
    return foreground.follow(job_id, watch)


def _preview(file: SourceFile, url: str | None, confirmed: bool, as_json: bool) -> None:
    registration.check(file)
    harvester = registration.harvester_for(file)
    source = registration.unregistered(file, url)
    result = preview(harvester, source, confirmed=confirmed)
    terminal.show_preview(file.name, result, as_json=as_json)
