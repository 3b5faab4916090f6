"""``ckan municipal feeds``: the worker, and what an operator does about the feeds."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable
from typing import Any

import click

from ckanext.municipal.feeds import doctor as doctor_checks
from ckanext.municipal.feeds import work
from ckanext.municipal.feeds.checking import check_all
from ckanext.municipal.feeds.model import queue, records
from ckanext.municipal.portal import doctor, language
from ckanext.municipal.portal.cli import municipal, report


@municipal.group("feeds", short_help="The catalogue for harvesters.")
def feeds() -> None:
    """The catalogue for harvesters: its worker, its checks, its guard."""


@feeds.command("worker")
@click.pass_context
def worker(context: click.Context) -> None:
    """Make the record of each dataset that changes, until it is stopped. Any number may run."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work.run_forever(stop, context.meta["flask_app"])


@feeds.command("rebuild")
@click.pass_context
def rebuild(context: click.Context) -> None:
    """Make every record anew; what did not change is not written.

    Started again after an interruption, or beside a worker, it does what is left.
    """
    with queue.connection() as ours:
        queue.add_all(ours)
        total = queue.waiting(ours).datasets
    with click.progressbar(length=total, label="datasets") as bar:
        work.drain(context.meta["flask_app"], bar.update)
    with queue.connection() as ours:
        for state, count in records.counts(ours).items():
            click.echo(f"{state:<12}{count}")


@feeds.command("check")
@click.pass_context
def check(context: click.Context) -> None:
    """Make every record without writing it, and tell which datasets are not in the feeds as they are.

    The exit code is 1 when there is one: refused, held back, or another than what is served.
    """
    wrong = 0
    for address, sentences in check_all(context.meta["flask_app"]):
        wrong += 1
        click.echo(address)
        for sentence in sentences:
            click.echo(f"    {sentence}")
    click.echo(f"{wrong} datasets to look at", err=True)
    context.exit(1 if wrong else 0)


@feeds.command("doctor")
@click.pass_context
def doctor_(context: click.Context) -> None:
    """Check what the feeds stand on. The exit code is 1 when there is an error."""
    results = _results(doctor_checks.CHECKS)
    click.echo(report(results))
    context.exit(1 if any(result["state"] == "error" for result in results) else 0)


@feeds.command("accept")
@click.pass_context
def accept(context: click.Context) -> None:
    """Let what the guard holds back leave the feeds: it was meant to be deleted."""
    with queue.connection() as ours:
        freed = records.let_go(ours)
    work.drain(context.meta["flask_app"])
    click.echo(f"{freed} datasets let go")


def _results(checks: Iterable[str]) -> list[dict[str, Any]]:
    ours = [doctor.CHECKS[name] for name in checks]
    return [result.as_dict(language.default()) for result in doctor.examine(ours)]
