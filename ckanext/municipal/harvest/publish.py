"""Makes CKAN's dataset say what a harvester's tables hold; writes only what differs.

One way for every harvester: it says what its dataset and files are, this compares them with what
CKAN has. A dataset that says all of it already is not written: no activity, no new
``metadata_modified``.
"""

from __future__ import annotations

import hashlib
import io
import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

import ckan.plugins.toolkit as tk
from ckan.lib import uploader
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from ckanext.municipal.harvest.record import Outcome

log = logging.getLogger(__name__)

_MEBIBYTE = 1 << 20
_IN_MEMORY = 8 * _MEBIBYTE


@dataclass(frozen=True)
class File:
    """One file of a dataset: its resource as CKAN takes it, and its bytes, or what writes them.

    ``content`` that writes is called once, when the bytes are first needed, with an open binary
    file; they are kept outside of memory, so that a file of any size is welcome.
    """

    resource: dict[str, Any]
    name: str
    content: bytes | Callable[[BinaryIO], object]

    @cached_property
    def stream(self) -> BinaryIO:
        """The bytes as an open file that can be read from its beginning."""
        if isinstance(self.content, bytes):
            return io.BytesIO(self.content)
        made: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - kept open
        self.content(made)
        made.seek(0)
        return made

    @cached_property
    def size(self) -> int:
        """How many bytes it has."""
        end = self.stream.seek(0, io.SEEK_END)
        self.stream.seek(0)
        return end

    @cached_property
    def sha256(self) -> str:
        """The digest by which a file that did not change is known."""
        digest = hashlib.sha256()
        while piece := self.stream.read(_MEBIBYTE):
            digest.update(piece)
        self.stream.seek(0)
        return digest.hexdigest()

    def upload(self) -> FileStorage:
        """Return the bytes as CKAN takes an uploaded file: it reads them once, and closes them."""
        self.stream.seek(0)
        return FileStorage(self.stream, self.name, content_type=self.resource["mimetype"])


def existing(package_id: str, context: Context) -> dict[str, Any] | None:
    """Return a dataset as ``package_show`` tells it, also a deleted one; None without one."""
    try:
        return tk.get_action("package_show")(context.copy(), {"id": package_id})
    except tk.ObjectNotFound:
        return None


def publish(
    wanted: Mapping[str, Any],
    files: Sequence[File],
    context: Context,
    *,
    stored: Mapping[str, Any] | None,
    made_here: Callable[[Mapping[str, Any]], bool],
    same_content: bool = False,
) -> Outcome:
    """Create or update a dataset, so that it says ``wanted`` and has ``files`` in their order.

    ``stored`` is the dataset as `existing` tells it. What people added to it (further fields,
    further resources) stays; a resource that is ``made_here`` and is not among the files goes, with
    its uploaded file. A dataset that was deleted by hand is published again. ``same_content``: the
    caller knows that the files that are there have the right bytes; none is made to find it out.
    """
    wanted = {**wanted, "groups": _groups(wanted.get("groups") or [], stored, context)}
    if stored is None:
        # CKAN takes files with an update only; until then nobody sees the draft.
        draft = {**wanted, "state": "draft", "resources": []}
        made = tk.get_action("package_create")(context.copy(), draft)
        # With the keywords that CKAN made of the translated ones: without them they were taken out.
        dataset = {**made, **wanted, "state": "active"}
        _update(dataset, [_resource(file, None) for file in files], context)
        return Outcome.ADDED
    there = {resource["id"]: resource for resource in stored["resources"]}
    own = {file.resource["id"] for file in files}
    others = [each for each in stored["resources"] if each["id"] not in own]
    gone = [each for each in others if made_here(each)]
    kept = [each for each in others if each not in gone]
    complete = not gone and not any(
        _differs(file, there.get(file.resource["id"]), same_content) for file in files
    )
    if complete and stored["state"] == "active" and not _says_less(stored, wanted):
        return Outcome.UNCHANGED
    dataset = {**stored, **wanted, "name": stored["name"], "state": "active"}
    for resource in gone:
        remove_upload(resource)
    resources = [_resource(file, there.get(file.resource["id"]), same_content) for file in files]
    _update(dataset, [*resources, *kept], context)
    return Outcome.UPDATED


def remove_upload(resource: Mapping[str, Any]) -> None:
    """Remove the uploaded file of a resource from the storage; nothing happens without one."""
    if resource.get("url_type") == "upload":
        clearing = uploader.get_resource_uploader({**resource, "clear_upload": True})
        clearing.upload(resource["id"])


def _update(dataset: dict[str, Any], resources: list[dict[str, Any]], context: Context) -> None:
    written = sum("upload" in resource for resource in resources)
    largest = max((resource.get("size") or 0 for resource in resources), default=0)
    with _room_for(int(largest)):
        tk.get_action("package_update")(context.copy(), {**dataset, "resources": resources})
    log.info("Dataset %s written, %d of its files", dataset["id"], written)


@contextmanager
def _room_for(size: int) -> Iterator[None]:
    """Let an upload of so many bytes pass: CKAN's limit is about what people upload, not about
    files that are made here from the portal's own tables."""
    option = "ckan.max_resource_size"
    limit = tk.config.get(option)
    needed = size // _MEBIBYTE + 1
    if needed > uploader.get_max_resource_size():
        tk.config[option] = needed
    try:
        yield
    finally:
        tk.config[option] = limit


def _groups(
    wanted: Iterable[Mapping[str, str]], stored: Mapping[str, Any] | None, context: Context
) -> list[dict[str, str]]:
    """The themes that the portal has, and those that somebody put the dataset in."""
    there = set(tk.get_action("group_list")(context.copy(), {}))
    names = [group["name"] for group in stored["groups"]] if stored else []
    names += [group["name"] for group in wanted if group["name"] in there - set(names)]
    return [{"name": name} for name in names]


def _resource(
    file: File, stored: dict[str, Any] | None, same_content: bool = False
) -> dict[str, Any]:
    """The resource of a file as CKAN takes it, with the bytes only where they are not there yet."""
    if stored and not _differs(file, stored, same_content):
        return stored
    resource = {**(stored or {}), **file.resource}
    if stored and stored.get("hash") and (same_content or stored["hash"] == file.sha256):
        return resource
    return {
        **resource,
        "hash": file.sha256,
        "size": file.size,
        "url": file.name,
        "url_type": "upload",
        "upload": file.upload(),
    }


def _differs(file: File, stored: Mapping[str, Any] | None, same_content: bool = False) -> bool:
    if stored is None or not stored.get("hash") or _says_less(stored, file.resource):
        return True
    return not same_content and stored["hash"] != file.sha256


def _says_less(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether any field that is set here has another value there; repeated fields by their keys."""
    return any(
        key not in ("name", "resources") and not _same(stored.get(key), value)
        for key, value in wanted.items()
    )


def _same(stored: Any, value: Any) -> bool:
    if isinstance(value, Mapping) and isinstance(stored, Mapping):
        return not _says_less(stored, value)
    if isinstance(value, list) and isinstance(stored, list):
        return len(stored) == len(value) and all(map(_same, stored, value))
    return stored == value or (value is None and not stored)
