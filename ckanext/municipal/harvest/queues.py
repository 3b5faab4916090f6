"""ckanext-harvest's two queues: what waits in them, and putting back what got lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.harvest import queue


def push_job(job_id: str) -> None:
    """Put a job on the gather queue; one that is there already moves to its end."""
    _send(queue.get_gather_publisher(), [{"harvest_job_id": job_id}])


def push_objects(ids: Iterable[str]) -> None:
    """Put objects on the fetch queue, in order."""
    _send(queue.get_fetch_publisher(), ({"harvest_object_id": id_} for id_ in ids))


def _send(publisher: Any, messages: Iterable[dict[str, str]]) -> None:
    for message in messages:
        publisher.send(message)
    publisher.close()


def waiting_jobs() -> set[str] | None:
    """Return the jobs on the gather queue; None where the queue cannot be looked into."""
    return _waiting(queue.get_gather_routing_key(), "harvest_job_id")


def waiting_objects() -> set[str] | None:
    """Return the objects on the fetch queue; None where the queue cannot be looked into."""
    return _waiting(queue.get_fetch_routing_key(), "harvest_object_id")


def taken_at(object_id: str) -> datetime | None:
    """Return when a consumer took an object from the queue, in its local time, if it still has it.

    That mark outlives a consumer that was killed.
    """
    connection = _redis()
    mark = connection.get(f"{queue.get_fetch_routing_key()}:{object_id}") if connection else None
    return datetime.fromisoformat(str(mark)) if mark else None


def drop_mark(object_id: str) -> None:
    """Remove the mark that a dead consumer left about an object."""
    if connection := _redis():
        connection.delete(f"{queue.get_fetch_routing_key()}:{object_id}")


def _waiting(key: str, name: str) -> set[str] | None:
    connection = _redis()
    if connection is None:
        return None
    return {json.loads(message)[name] for message in connection.lrange(key, 0, -1)}


def _redis() -> Any:
    """A connection; none with RabbitMQ, which hands out again by itself what is not confirmed."""
    if tk.config.get("ckan.harvest.mq.type") != "redis":
        return None
    return queue.get_connection_redis()
