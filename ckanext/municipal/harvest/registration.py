"""From harvesters/NAME.yaml to CKAN's harvest source: made when missing, changed when different."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.municipal.harvest import config
from ckanext.municipal.harvest.context import site_context
from ckanext.municipal.harvest.model import sources
from ckanext.municipal.harvest.record import Outcome
from ckanext.municipal.harvest.recovery import our_types
from ckanext.municipal.harvest.source import (
    Source,
    SourceFile,
    SourceInvalid,
    stored_configuration,
)
from ckanext.municipal.lib.texts import N_


def register(file: SourceFile) -> tuple[str, Outcome]:
    """Let CKAN's harvest source be what a YAML says; returns its id and what that did.

    Raises `SourceInvalid`. A source deleted in CKAN is made active again.
    """
    check(file)
    wanted = _wanted(file)
    source_id = sources.id_of(file.name)
    if source_id is None:
        made = tk.get_action("harvest_source_create")(site_context(), wanted)
        return made["id"], Outcome.ADDED
    stored = sources.stored(source_id)
    if all((stored[key] or "") == (wanted[key] or "") for key in stored):
        return source_id, Outcome.UNCHANGED
    tk.get_action("harvest_source_update")(site_context(), {**wanted, "id": source_id})
    return source_id, Outcome.UPDATED


def check(file: SourceFile) -> None:
    """Check a YAML whole, with its harvester's own keys; raises `SourceInvalid`."""
    harvester = harvester_for(file)
    harvester.check_config(file.config, file.path.name)


def harvester_for(file: SourceFile) -> Any:
    """Return the harvester that reads a source; raises `SourceInvalid`."""
    from ckanext.harvest.queue import get_harvester

    types = our_types()
    if file.type not in types:
        raise SourceInvalid(
            N_(
                "{file}: no enabled plugin reads the type “{type}”. Enabled are: {known}. Add the"
                " plugin to ckan.plugins or correct the key “type”."
            ),
            file=file.path.name,
            type=file.type,
            known=", ".join(types) or "-",
        )
    return get_harvester(file.type)


def unregistered(file: SourceFile, url: str | None) -> Source:
    """Return a source as a dry run sees it, whether CKAN knows it or not."""
    source_id = sources.id_of(file.name)
    return Source(
        id=source_id or "",
        name=file.name,
        url=url or file.url,
        config=file.config,
        file=file.path.name,
        organisation=_organisation(file),
        operator=bool(url),
    )


def _wanted(file: SourceFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "url": file.url,
        "title": file.title(tk.config.get("ckan.locale_default") or "en"),
        "source_type": file.type,
        "frequency": file.frequency,
        "owner_org": _organisation(file),
        "config": stored_configuration(file, config.harvesters_folder()),
        "state": "active",
    }


def _organisation(file: SourceFile) -> str | None:
    name = file.config.get("organization")
    if not name:
        return None
    group = model.Group.get(str(name))
    if group is None or not group.is_organization or group.state != "active":
        raise SourceInvalid(
            N_(
                "{file}: the organisation “{name}” does not exist. Make it in the portal first, or"
                " correct the key “organization”."
            ),
            file=file.path.name,
            name=name,
        )
    return group.id
