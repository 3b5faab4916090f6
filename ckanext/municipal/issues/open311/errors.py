"""What an Open311 answer says when there is none: a status and one sentence for every fault."""

from __future__ import annotations

from ckanext.municipal.lib.errors import ReadableError


class Fault(ReadableError):
    """One thing that is wrong with a question; its sentence names the parameter and the remedy."""


class Refused(Exception):
    """A question that gets no answer: the HTTP status, and what is wrong with it.

    GeoReport v2, "Errors": 404 for what does not exist, 400 for any other wrong question.
    """

    def __init__(self, status: int, *faults: Fault) -> None:
        super().__init__(f"{status}: {' '.join(map(str, faults))}")
        self.status, self.faults = status, faults

    def body(self, language: str) -> list[dict[str, object]]:
        """Return the faults as GeoReport's list of errors."""
        return [{"code": self.status, "description": one.message(language)} for one in self.faults]
