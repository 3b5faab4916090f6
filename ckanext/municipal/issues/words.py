"""What the words of a source mean here: statuses and reasons for closing, by name. Pure."""

from __future__ import annotations

import re

from ckanext.municipal.issues.source import IssueSource, StatusRule
from ckanext.municipal.issues.source_names import name_key
from ckanext.municipal.lib.greek import header_key

_ANY = "*"
_LONGEST_NOTE = 500


class Words:
    """Finds statuses and reasons by the names that the YAML of a source gives them.

    Accents, case, punctuation and look-alike letters of other alphabets make no difference.
    """

    def __init__(self, source: IssueSource) -> None:
        self._statuses = {name_key(name): rule for rule in source.statuses for name in rule.names}
        named = [(name, rule.reason) for rule in source.reasons for name in rule.names]
        self._reasons = {header_key(name): reason for name, reason in named if _ANY not in name}
        self._patterns = [(_pattern(name), reason) for name, reason in named if _ANY in name]

    def status(self, name: str | None) -> StatusRule | None:
        """Return what a status of the source means, None for one that the YAML does not name."""
        return self._statuses.get(name_key(name)) if name else None

    def reason(self, note: str | None) -> str | None:
        """Return the reason that a note or code tells, None where it tells none.

        A name that is the whole note comes before a pattern, patterns in the order of the YAML.
        """
        if not note or len(note) > _LONGEST_NOTE:
            return None
        key = header_key(note)
        if key in self._reasons:
            return self._reasons[key]
        return next((reason for told, reason in self._patterns if told.fullmatch(key)), None)


def _pattern(name: str) -> re.Pattern[str]:
    # Names lose their punctuation when they are compared, so the * is taken out before.
    parts = [re.escape(header_key(part)) for part in name.split(_ANY)]
    return re.compile(".*".join(parts), re.DOTALL)
