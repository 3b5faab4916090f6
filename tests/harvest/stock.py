"""A stock harvester that runs once in this process: gather, fetch, import."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource


def source(kind: str, url: str, *, user: str, organisation: str, **config: Any) -> dict[str, Any]:
    """Make a source that the harvester `kind` reads at `url` into datasets of `organisation`."""
    number = model.Session.query(HarvestSource).count()
    return tk.get_action("harvest_source_create")(
        {"user": user, "ignore_auth": True},
        {
            "name": f"source-{kind.replace('_', '-')}-{number}",
            "url": url,
            "source_type": kind,
            "owner_org": organisation,
            "config": json.dumps(config) if config else "",
        },
    )


def run(made: dict[str, Any], user: str) -> HarvestJob:
    """Harvest a source and return the job."""
    job = tk.get_action("harvest_job_create")(
        {"user": user, "ignore_auth": True}, {"source_id": made["id"], "run": False}
    )
    stored = HarvestJob.get(job["id"])
    harvester = queue.get_harvester(made["source_type"])
    for id_ in queue.gather_stage(harvester, stored) or []:
        queue.fetch_and_import_stages(harvester, model.Session.get(HarvestObject, id_))
    stored.status = "Finished"
    model.Session.commit()
    return stored
