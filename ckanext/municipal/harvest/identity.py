"""Ids and names that belong to one source, so that equal ids of two sources never meet. Pure."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid5

from ckanext.municipal.lib.greek import slug

_NAMESPACE = UUID("6f0e1f0b-9d4e-5c55-8a0e-6d4b7a2f3c11")
_NAME_LENGTH = 100


def dataset_id(source_id: str, *parts: str) -> str:
    """Return the id of the dataset that a source calls ``parts``: always the same, only its own.

    A version 5 UUID (RFC 9562) over the source's id and the parts.
    """
    return str(uuid5(_NAMESPACE, "\x1f".join(("dataset", source_id, *parts))))


def resource_id(package_id: str, *parts: str) -> str:
    """Return the id of a resource or DataStore table of a dataset, always the same."""
    return str(uuid5(_NAMESPACE, "\x1f".join(("resource", package_id, *parts))))


def object_id(job_id: str, guid: str) -> str:
    """Return the id of a job's harvest object for a record: a gather that is repeated after a
    crash finds the objects it made before."""
    return str(uuid5(_NAMESPACE, "\x1f".join(("object", job_id, guid))))


def dataset_name(title: str, package_id: str) -> str:
    """Return a readable URL name for a dataset, made unique by six characters of its id."""
    tail = package_id.replace("-", "")[:6]
    return f"{slug(title, fallback='dataset', max_length=_NAME_LENGTH - 7)}-{tail}"


def stamp(version: int, fingerprint: str) -> str:
    """Return the short mark of the code and the configuration that read a record.

    It is part of every stored digest: a new version of the harvester or an edited source loads
    everything once more, an unchanged one nothing.
    """
    return hashlib.sha256(f"{version}:{fingerprint}".encode()).hexdigest()[:12]
