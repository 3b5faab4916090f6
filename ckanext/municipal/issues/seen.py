"""The requests that a walk has met, remembered until its end, also across processes."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.municipal.issues import model
from ckanext.municipal.issues.reading import Plan
from ckanext.municipal.issues.request import SourceRequest


class Seen:
    """The ids that a walk has met, with the moment each was last changed.

    Kept in memory, and for whole walks in the database as soon as the walk has stored anything: a
    process that resumes the walk then knows what the one before it met.
    """

    def __init__(self, package_id: str, plan: Plan) -> None:
        self._package_id, self._plan = package_id, plan
        self._met: dict[str, float] = {}
        self._unkept: list[str] = []
        self._number = 0
        if plan.resumed and plan.whole and plan.cursor is not None:
            for number, ids in model.seen_ids(package_id, self._mark).items():
                self._number = max(self._number, number + 1)
                self._met.update(dict.fromkeys(ids, 0.0))

    @property
    def _mark(self) -> str:
        return str(self._plan.read_at.timestamp())

    def __contains__(self, id_: str) -> bool:
        return id_ in self._met

    def __len__(self) -> int:
        return len(self._met)

    def new(self, requests: Iterable[SourceRequest]) -> list[SourceRequest]:
        """Return the requests of a batch, each once: of those with one id the first, unless a later
        one was changed later. The same source gives the same requests at every walk."""
        found: dict[str, SourceRequest] = {}
        for request in requests:
            when = request.updated.timestamp() if request.updated else 0.0
            if request.id in self._met and when <= self._met[request.id]:
                continue
            if request.id not in self._met:
                self._unkept.append(request.id)
            self._met[request.id] = when
            found[request.id] = request
        return list(found.values())

    def withdraw(self, ids: Iterable[str]) -> None:
        """Forget ids that the source says are no longer public."""
        for id_ in ids:
            self._met.pop(id_, None)

    def keep(self) -> None:
        """Write what was met since the last time, so that the walk can be resumed after it."""
        if self._plan.whole and self._unkept:
            model.note_seen(self._package_id, self._mark, self._number, self._unkept)
            self._number += 1
            self._unkept = []

    def forget(self) -> None:
        """Remove what was kept."""
        model.forget_seen(self._package_id)
