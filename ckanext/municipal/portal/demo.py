"""A demonstration city: organisations and datasets from a folder of files that say what they are.

``organizations.yaml`` is a list of organisations; ``metadata.yaml`` in any folder below, or any
``*.dataset.yaml``, is one dataset in the words of its form (title_translated, notes_translated …)::

    name: air-quality-demo
    owner_org: environment
    title_translated: {el: ..., en: ...}
    groups: [environment]
    resources:
      - file: air-quality.csv          # beside the YAML; uploaded
        name_translated: {el: ..., en: ...}

Run again it writes nothing: a digest of what a dataset was made from is kept as its task status.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ckan.plugins import plugin_loaded
from ckan.plugins import toolkit as tk
from werkzeug.datastructures import FileStorage

from ckanext.municipal.lib import greek
from ckanext.municipal.portal import demo_tables

ORGANIZATIONS = "organizations.yaml"
_STATUS = {"task_type": "municipal_demo", "key": "digest"}


class DemoError(Exception):
    """A demonstration folder that cannot be loaded; the text says file, key and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One organisation or dataset, and its ``state``: created, updated or unchanged."""

    kind: str
    name: str
    state: str


def load(folder: Path) -> Iterator[Loaded]:
    """Load organisations, then datasets, and yield each as it is done.

    Raises DemoError for a file that is no YAML, lacks a key, or is refused by the portal.
    """
    organizations = folder / ORGANIZATIONS
    if organizations.is_file():
        for entry in _entries(organizations):
            yield _load_organization(entry, organizations)
    descriptions = sorted({*folder.rglob("metadata.yaml"), *folder.rglob("*.dataset.yaml")})
    if not descriptions and not organizations.is_file():
        raise DemoError(f"{folder}: no metadata.yaml, *.dataset.yaml or {ORGANIZATIONS} in it.")
    for path in descriptions:
        yield _load_dataset(path)


def _load_organization(entry: dict[str, Any], path: Path) -> Loaded:
    name = _name(entry, path)
    existing = _existing("organization_show", name)
    if existing and all(existing.get(field) == value for field, value in entry.items()):
        return Loaded("organization", name, "unchanged")
    if existing:
        _act("organization_patch", {**entry, "id": existing["id"]}, path)
    else:
        _act("organization_create", {**entry}, path)
    return Loaded("organization", name, "updated" if existing else "created")


def _load_dataset(path: Path) -> Loaded:
    described = _entries(path)[0]
    name = _name(described, path)
    resources = described.pop("resources", None) or []
    digest = _digest(path, resources)
    existing = _existing("package_show", name)
    if existing and existing["state"] == "active" and _loaded_digest(existing["id"]) == digest:
        return Loaded("dataset", name, "unchanged")
    groups = [{"name": theme} for theme in described.get("groups") or []]
    dataset = {"type": "dataset", **described, "groups": groups, "state": "active"}
    if existing:
        stored = _act("package_patch", {**dataset, "id": existing["id"]}, path)
    else:
        stored = _act("package_create", dataset, path)
    _load_resources(stored, resources, path)
    # Written last: what was interrupted is loaded again.
    status = {"entity_id": stored["id"], "entity_type": "dataset", **_STATUS, "value": digest}
    _act("task_status_update", status, path)
    return Loaded("dataset", name, "updated" if existing else "created")


def _load_resources(dataset: dict[str, Any], described: list[dict[str, Any]], path: Path) -> None:
    """Make the dataset's resources those described: same file name, same resource."""
    stored = {Path(r["url"]).name: r for r in dataset.get("resources", [])}
    for resource in described:
        source = _file(resource, path)
        with source.open("rb") as stream:
            fields = {key: value for key, value in resource.items() if key != "file"}
            upload = FileStorage(stream=stream, filename=source.name)
            known = stored.pop(greek.filename(source.name), None)
            if known:
                made = _act(
                    "resource_update", {**fields, "id": known["id"], "upload": upload}, path
                )
            else:
                made = _act(
                    "resource_create",
                    {**fields, "package_id": dataset["id"], "upload": upload},
                    path,
                )
        _load_table(made, source, path)
    for left_over in stored.values():
        _act("resource_delete", {"id": left_over["id"]}, path)


def _load_table(resource: dict[str, Any], source: Path, path: Path) -> None:
    """Make the resource's table in the DataStore what its file holds; a file that is no table has none."""
    if not plugin_loaded("datastore"):
        return
    told = {"resource_id": resource["id"], "force": True}
    if resource.get("datastore_active"):
        _act("datastore_delete", told, path)
    table = demo_tables.table(source)
    if table:
        _act("datastore_create", {**told, **table}, path)


def _file(resource: dict[str, Any], path: Path) -> Path:
    """Return the file of a resource, which lies beside the YAML or below it."""
    folder = path.parent.resolve()
    source = (folder / str(resource.get("file") or "")).resolve()
    if not source.is_file() or not source.is_relative_to(folder):
        raise DemoError(
            f"{path}, resources: {resource.get('file')!r} is no file beside it; "
            "write the file's name under the key file."
        )
    return source


def _digest(path: Path, resources: list[dict[str, Any]]) -> str:
    """Return a digest of all that a dataset is made from: the YAML and its files."""
    digest = hashlib.sha256(path.read_bytes())
    for resource in resources:
        digest.update(hashlib.sha256(_file(resource, path).read_bytes()).digest())
    return digest.hexdigest()


def _loaded_digest(dataset_id: str) -> str:
    status = _existing("task_status_show", "", entity_id=dataset_id, **_STATUS)
    return status["value"] if status else ""


def _entries(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a YAML file: a list of mappings, or the one mapping it holds."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DemoError(f"{path}: not readable as YAML in UTF-8 ({error}).") from error
    entries = content if isinstance(content, list) else [content]
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        raise DemoError(f"{path}: write keys with values, as name: trees.")
    return entries


def _name(entry: dict[str, Any], path: Path) -> str:
    if not entry.get("name"):
        raise DemoError(f"{path}: add the key name, the address of the entry, as name: trees.")
    return str(entry["name"])


def _existing(action: str, name: str, **values: Any) -> dict[str, Any] | None:
    try:
        return tk.get_action(action)({"ignore_auth": True}, {"id": name, **values})
    except tk.ObjectNotFound:
        return None


def _act(action: str, values: dict[str, Any], path: Path) -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    try:
        return tk.get_action(action)({"ignore_auth": True, "user": user["name"]}, values)
    except tk.ValidationError as error:
        told = "; ".join(f"{field}: {said}" for field, said in error.error_summary.items())
        raise DemoError(f"{path}: {told or error}") from error
    except tk.ObjectNotFound as error:
        raise DemoError(f"{path}: {error}. Load or make it first.") from error
