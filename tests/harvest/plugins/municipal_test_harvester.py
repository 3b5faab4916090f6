"""A harvester of a folder of JSON files, so that the base class can be watched and hurt.

``{"title": ..., "fault": ...}`` is a record; its file name is its guid. A file ``faults/NAME``
beside them makes something happen at a stage, once: see `_stumble`.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.municipal.harvest import identity
from ckanext.municipal.harvest.harvester import (
    UNCHANGED,
    MunicipalHarvester,
    Outcome,
    Record,
    Report,
    Source,
)
from ckanext.municipal.harvest.record import Fetched, RecordRefused, TryLater
from ckanext.municipal.quality.findings import Finding, Place, Rule, Severity

BAD = Rule("test-bad", Severity.ERROR, "“{title}” is not a title.", "Write another one.")
ODD = Rule("test-odd", Severity.WARNING, "Odd title.", "Write an even one.")


class FolderHarvester(MunicipalHarvester, tk.DefaultDatasetForm):
    """Reads ``where.url``: a folder. ``digest: late`` leaves the digest to the download.

    Its datasets are of a type of their own, which no schema of a city's asks for more than a title.
    """

    p.implements(p.IDatasetForm)

    source_type = "municipal_test"
    title = "JSON files (test)"

    def package_types(self) -> list[str]:
        return ["test-record"]

    def is_fallback(self) -> bool:
        return False

    def listing(self, source: Source) -> Iterable[Record]:
        folder = Path(source.url)
        _stumble(folder, "listing")
        for path in sorted(folder.glob("*.json")):
            _stumble(folder, f"listing-{path.stem}")
            late = source.config.get("digest") == "late"
            digest = None if late else hashlib.sha256(path.read_bytes()).hexdigest()
            yield Record(path.stem, digest, {"path": str(path)})

    def fetch(self, source: Source, record: Record) -> Fetched:
        path = Path(record.content["path"])
        _stumble(Path(source.url), f"fetch-{record.guid}")
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if record.etag == digest:
            return UNCHANGED
        return Record(record.guid, digest, json.loads(data), etag=digest)

    def check(self, source: Source, record: Record, report: Report) -> Record:
        title = record.content["title"]
        if title == "refused":
            raise RecordRefused(Finding(BAD, Place(file=record.guid), {"title": title}))
        if title.startswith("odd"):
            report.finding(Finding(ODD, Place(file=record.guid, row=1, field="title")))
            report.quarantine(
                Finding(BAD, Place(file=record.guid, row=2, field="title"), {"title": "x"})
            )
        return record

    def load(self, source: Source, record: Record, report: Report) -> Outcome:
        folder = Path(source.url)
        _stumble(folder, f"load-{record.guid}")
        _count_load(folder)
        title = record.content["title"]
        group = record.content.get("dataset") or record.guid
        package_id = identity.dataset_id(source.id, group)
        existing = model.Package.get(package_id)
        if existing and existing.state == "active" and existing.title == title:
            return Outcome.UNCHANGED
        report.belongs_to(package_id)
        wanted = {
            "id": package_id,
            "name": identity.dataset_name(title, package_id),
            "title": title,
            "type": "test-record",
            "state": "active",
            "owner_org": source.organisation,
        }
        action = "package_update" if existing else "package_create"
        tk.get_action(action)(self.context(), wanted)
        _stumble(folder, f"loaded-{record.guid}")
        return Outcome.UPDATED if existing else Outcome.ADDED

    def conclude(self, source: Source) -> None:
        _stumble(Path(source.url), "conclude")


def _count_load(folder: Path) -> None:
    """Note who loaded, so that a test can count the calls of all processes."""
    with (folder / "loads.log").open("a") as log:
        log.write(f"{os.getpid()}\n")


def _stumble(folder: Path, stage: str) -> None:
    """Do what ``faults/STAGE`` says: raise, later, kill (for good), kill-once, wait."""
    fault = folder / "faults" / stage
    try:
        what = fault.read_text().strip()
    except FileNotFoundError:
        return
    if what.endswith("-once"):
        fault.unlink()
    if what.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    elif what.startswith("wait"):
        (folder / "faults" / f"{stage}.reached").touch()
        while fault.exists():
            time.sleep(0.02)
    elif what.startswith("later"):
        raise TryLater(Finding(BAD, values={"title": stage}))
    else:
        raise KeyError(f"secret of {stage}")
