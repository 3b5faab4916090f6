"""Makes CKAN's dataset of a budget year say what its tables hold; writes only what differs."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from ckanext.municipal.budget.dataset import BudgetYear, describe
from ckanext.municipal.budget.originals import Archive
from ckanext.municipal.budget.resources import File, files_of
from ckanext.municipal.budget.tables import stored_year
from ckanext.municipal.harvest.record import Outcome

log = logging.getLogger(__name__)


def publish(budget: BudgetYear, archive: Archive, context: Context) -> Outcome:
    """Create or update the dataset of a year from its stored tables.

    ``context`` is that of the actions. A dataset that says all of it already is not written: no
    activity, no new ``metadata_modified``. What people added to it (further fields, further
    resources) stays. A dataset that was deleted by hand is published again.
    """
    tables = stored_year(budget.package_id)
    wanted = describe(budget, tables)
    existing = _existing(budget.package_id, context)
    wanted["groups"] = _groups(wanted["groups"], existing, context)
    files = list(files_of(budget, tables, archive, _address(budget.package_id)))
    if existing is None:
        # CKAN takes files with an update only; until then nobody sees the draft.
        draft = {**wanted, "state": "draft", "resources": []}
        tk.get_action("package_create")(context.copy(), draft)
        _update({**wanted, "state": "active"}, files, {}, [], context)
        return Outcome.ADDED
    stored = {resource["id"]: resource for resource in existing["resources"]}
    own = {file.resource["id"] for file in files}
    others = [each for each in existing["resources"] if each["id"] not in own]
    kept = [each for each in others if not _made_here(each)]
    complete = len(kept) == len(others) and not any(
        _differs(file, stored.get(file.resource["id"])) for file in files
    )
    if complete and existing["state"] == "active" and not _says_less(existing, wanted):
        return Outcome.UNCHANGED
    dataset = {**existing, **wanted, "name": existing["name"], "state": "active"}
    _update(dataset, files, stored, kept, context)
    return Outcome.UPDATED


def _update(
    dataset: dict[str, Any],
    files: Iterable[File],
    stored: Mapping[str, dict[str, Any]],
    kept: Iterable[dict[str, Any]],
    context: Context,
) -> None:
    resources = [_resource(file, stored.get(file.resource["id"])) for file in files]
    tk.get_action("package_update")(context.copy(), {**dataset, "resources": [*resources, *kept]})
    written = sum("upload" in resource for resource in resources)
    log.info("Dataset %s written, %d of its files", dataset["id"], written)


def _groups(
    wanted: list[dict[str, str]], existing: Mapping[str, Any] | None, context: Context
) -> list[dict[str, str]]:
    """The themes that the portal has, and those that somebody put the dataset in."""
    there = set(tk.get_action("group_list")(context.copy(), {}))
    names = [group["name"] for group in existing["groups"]] if existing else []
    names += [group["name"] for group in wanted if group["name"] in there - set(names)]
    return [{"name": name} for name in names]


def _address(package_id: str) -> Callable[[str, str], str]:
    def address(resource_id: str, name: str) -> str:
        route = "resource.download"
        return tk.url_for(
            route,
            id=package_id,
            resource_id=resource_id,
            filename=name,
            qualified=True,
            locale="default",
        )

    return address


def _existing(package_id: str, context: Context) -> dict[str, Any] | None:
    try:
        show = tk.get_action("package_show")
        return show(context.copy(), {"id": package_id})
    except tk.ObjectNotFound:
        return None


def _resource(file: File, stored: dict[str, Any] | None) -> dict[str, Any]:
    """The resource of a file as CKAN takes it, with the bytes only where they are not there yet."""
    if stored and not _differs(file, stored):
        return stored
    resource = {**(stored or {}), **file.resource}
    if stored and stored.get("hash") == file.sha256:
        return resource
    stream = FileStorage(io.BytesIO(file.data), file.name, content_type=resource["mimetype"])
    return {
        **resource,
        "hash": file.sha256,
        "size": len(file.data),
        "url": file.name,
        "url_type": "upload",
        "upload": stream,
    }


def _differs(file: File, existing: Mapping[str, Any] | None) -> bool:
    return (
        existing is None
        or existing.get("hash") != file.sha256
        or _says_less(existing, file.resource)
    )


def _says_less(existing: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether any field that is set here has another value there; repeated fields by their keys."""
    return any(
        key not in ("name", "resources") and not _same(existing.get(key), value)
        for key, value in wanted.items()
    )


def _same(stored: Any, value: Any) -> bool:
    if isinstance(value, Mapping) and isinstance(stored, Mapping):
        return not _says_less(stored, value)
    if isinstance(value, list) and isinstance(stored, list):
        return len(stored) == len(value) and all(map(_same, stored, value))
    return stored == value or (value is None and not stored)


def _made_here(resource: Mapping[str, Any]) -> bool:
    return bool(resource.get("table")) and resource["table"] != "other"
