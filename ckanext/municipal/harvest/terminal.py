"""Runs and dry runs on a terminal: a progress bar, then the result as text or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import ckan.plugins.toolkit as tk
import click

from ckanext.municipal.harvest import rules, status
from ckanext.municipal.harvest.model import records, runs
from ckanext.municipal.harvest.model.tables import utc_now
from ckanext.municipal.harvest.preview import Preview
from ckanext.municipal.quality.findings import Finding

_SHOWN = 20
_COUNTS = ("listed", "added", "updated", "unchanged", "deleted", "set_aside")


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Give a function that shows a run as it goes; shows nothing where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield lambda run: None
        return
    with click.progressbar(length=0, label=tk._("Records"), file=sys.stderr, show_pos=True) as bar:

        def show(run: dict[str, Any]) -> None:
            if not run.get("total"):
                return
            bar.length = run["total"]
            bar.update(run["worked"] - bar.pos)

        yield show


def show_run(name: str, run: dict[str, Any], *, as_json: bool) -> None:
    """Print what a run did."""
    told = status.describe(run, utc_now())
    aside = records.set_aside(run["source_id"], _SHOWN)
    if as_json:
        told["source"] = name
        told["set_aside_records"] = [
            {"guid": one["guid"], "reason": one["reason"]} for one in aside
        ]
        told |= {
            key: value
            for key, value in records.totals(run["source_id"]).items()
            if key in ("findings", "rows_quarantined", "records")
        }
        _print_json(told)
        return
    _print_counts(name, told)
    for message in told["messages"]:
        click.secho(_text(message), fg="yellow")
    if told["set_aside"]:
        for one in aside:
            click.secho(f"  {one['guid']}: {_text(one['reason'])}", fg="red")
    totals = records.totals(run["source_id"])
    _print_found(totals["findings"], totals["rows_quarantined"])


def show_preview(name: str, result: Preview, *, as_json: bool) -> None:
    """Print what a run would do."""
    counts = _preview_counts(result)
    if as_json:
        _print_json(_preview_json(name, result, counts))
        return
    click.secho(tk._("Dry run: nothing is written."), bold=True)
    _print_counts(name, counts)
    for what in ("added", "updated", "deleted"):
        for guid in getattr(result, what)[:_SHOWN]:
            click.echo(f"  {what}: {guid}")
    for message in result.messages:
        click.secho(rules.sentence(message, tk.h.lang()), fg="yellow")
    for guid, reason in list(result.set_aside.items())[:_SHOWN]:
        click.secho(f"  {guid}: {rules.sentence(reason, tk.h.lang())}", fg="red")
    for finding in (result.findings + result.quarantined)[:_SHOWN]:
        click.echo(f"  {_place(finding)} {rules.sentence(finding, tk.h.lang())}")
    _print_found(len(result.findings), len(result.quarantined))


def exit_code(run: dict[str, Any]) -> int:
    """Return 0 for a run that loaded all, 1 if it left something to people, 2 if it failed."""
    if run["outcome"] in (runs.FAILED, runs.STOPPED):
        return 2
    return 1 if run["set_aside"] or run["outcome"] == runs.ASKING else 0


def _preview_counts(result: Preview) -> dict[str, int]:
    return {
        "listed": result.listed,
        "added": len(result.added),
        "updated": len(result.updated),
        "unchanged": result.unchanged,
        "deleted": len(result.deleted),
        "set_aside": len(result.set_aside) + result.still_aside,
    }


def _preview_json(name: str, result: Preview, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "source": name,
        "dry_run": True,
        **counts,
        "would_add": result.added,
        "would_update": result.updated,
        "would_delete": result.deleted,
        "asks_about": result.absent,
        "messages": [_told(message) for message in result.messages],
        "set_aside_records": [
            {"guid": guid, "reason": rules.sentences(reason)}
            for guid, reason in result.set_aside.items()
        ],
        "findings": [_told(finding) for finding in result.findings],
        "rows_quarantined": [_told(finding) for finding in result.quarantined],
    }


def _told(finding: Finding) -> dict[str, Any]:
    texts = rules.sentences(finding)
    return {"rule": finding.rule.id, **asdict(finding.place), **texts}


def _print_counts(name: str, counts: dict[str, Any]) -> None:
    labels = {
        "listed": tk._("listed"),
        "added": tk._("added"),
        "updated": tk._("updated"),
        "unchanged": tk._("unchanged"),
        "deleted": tk._("deleted"),
        "set_aside": tk._("set aside"),
    }
    click.echo(f"{name}: " + ", ".join(f"{counts[key]:,} {labels[key]}" for key in _COUNTS))


def _print_found(findings: int, rows: int) -> None:
    if findings or rows:
        text = tk._("{findings} findings, {rows} rows set aside; see the source's page.")
        click.echo(text.format(findings=findings, rows=rows))


def _place(finding: Finding) -> str:
    place = finding.place
    parts = (place.file, place.sheet, str(place.row or ""), place.field)
    return ":".join(part for part in parts if part)


def _text(texts: dict[str, str]) -> str:
    return texts.get(tk.h.lang()) or texts["en"]


def _print_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
