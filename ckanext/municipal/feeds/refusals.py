"""What a feed says when it has no answer: a status and one sentence for every fault."""

from __future__ import annotations

from ckanext.municipal.lib.errors import ReadableError


class Fault(ReadableError):
    """One thing that is wrong with a question; its sentence names the parameter and the remedy."""


class Refused(Exception):
    """A question that gets no answer: the HTTP status, and what is wrong with it."""

    def __init__(self, status: int, *faults: Fault) -> None:
        super().__init__(f"{status}: {' '.join(map(str, faults))}")
        self.status, self.faults = status, faults

    def body(self, language: str) -> str:
        """Return the faults, a sentence a line."""
        return "".join(f"{fault.message(language)}\n" for fault in self.faults)
