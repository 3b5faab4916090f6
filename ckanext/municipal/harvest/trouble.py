"""From an exception to a reason for people: no traceback, no data of the record, no secrets."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

import ckan.plugins.toolkit as tk
import sqlalchemy.exc
from ckan.lib.search.common import SearchError

from ckanext.municipal.harvest import rules
from ckanext.municipal.harvest.files import FilesError
from ckanext.municipal.harvest.record import RecordRefused, TryLater
from ckanext.municipal.harvest.source import SourceInvalid
from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.http import HttpError
from ckanext.municipal.quality.findings import Finding, Rule, Severity

_OUTSIDE = (OSError, SearchError, sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something failed; ``temporary`` when the record is not to blame and is tried again."""

    finding: Finding
    temporary: bool


def explain(error: Exception, unexpected: Rule = rules.RECORD_FAILED) -> Trouble:
    """Return why a stage failed; ``unexpected`` is the rule for what nobody foresaw.

    The text of an unforeseen exception is not shown: it may quote the record.
    """
    if isinstance(error, RecordRefused):
        return Trouble(error.finding, temporary=False)
    if isinstance(error, TryLater):
        return Trouble(error.finding, temporary=True)
    if isinstance(error, ReadableError) and not error.quotes_data:
        said = Rule(rules.REFUSED, Severity.ERROR, error.msgid, "")
        outside = error.again or isinstance(error, HttpError | FilesError | SourceInvalid)
        return Trouble(Finding(said, values=error.values), temporary=outside)
    if isinstance(error, tk.ValidationError):
        fields = ", ".join(sorted(map(str, error.error_dict)))
        return Trouble(Finding(rules.REJECTED_BY_PORTAL, values={"fields": fields}), False)
    if isinstance(error, _OUTSIDE):
        return Trouble(Finding(rules.UNREACHABLE, values={"kind": type(error).__name__}), True)
    values = {"kind": type(error).__name__, "where": place(error)}
    return Trouble(Finding(unexpected, values=values), temporary=False)


def place(error: BaseException) -> str:
    """Return file, line and function where an exception was raised, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "-"
    last = frames[-1]
    return f"{Path(last.filename).name}:{last.lineno} ({last.name})"
