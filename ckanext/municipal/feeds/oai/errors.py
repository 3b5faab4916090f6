"""What OAI-PMH answers instead of data (§3.6): codes that programs know, sentences for people. Pure."""

from __future__ import annotations

from ckanext.municipal.lib.errors import ReadableError

BAD_ARGUMENT = "badArgument"
BAD_RESUMPTION = "badResumptionToken"
BAD_VERB = "badVerb"
NO_FORMAT = "cannotDisseminateFormat"
NO_RECORD = "idDoesNotExist"
NO_RECORDS = "noRecordsMatch"

WITHOUT_ARGUMENTS = (BAD_ARGUMENT, BAD_VERB)
"""Codes of answers that do not repeat what was asked (§3.2)."""


class Problem(ReadableError):
    """One reason why there is no answer, by its code."""

    def __init__(self, code: str, msgid: str, **values: object) -> None:
        self.code = code
        super().__init__(msgid, **values)


class Unanswered(Exception):
    """A request without an answer, and why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(f"{problem.code}: {problem}" for problem in problems))
        self.problems = problems
