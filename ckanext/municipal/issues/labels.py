"""Short texts that a program has in a list (names of statuses, categories, departments, channels).

They are published as they are, so what stands in such a field by a mistake must not get through: a
text that is long, or in which there is personal data, is no label. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ckanext.municipal.lib.greek import fold
from ckanext.municipal.lib.privacy import redact

_LONGEST = 120
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# What Greek surnames end in, and hardly any word of an office does (but Θράκης, κλάδου).
_SURNAME = re.compile(
    r"οπουλοσ\b|οπουλου\b|\w{3}(?:ακησ|ακη|ιδησ|ιδη|ιδου|αδησ|αδου|ουδησ|ογλου)\b"
    r"|poulos\b|poulou\b|\w{3}(?:akis|idis|idou|adis|adou|oglou)\b"
)


def one_line(text: str) -> str:
    """Return a text as one line that can be stored, without control characters."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


@lru_cache(maxsize=4096)
def label(text: str) -> str | None:
    """Return a label on one line, None for a text that is empty, long, or holds personal data."""
    said = one_line(text)
    if not 0 < len(said) <= _LONGEST:
        return None
    found = redact(said)
    return found.text or None if not found.found else None


@lru_cache(maxsize=4096)
def office(text: str) -> str | None:
    """Return the name of a department or company, None where a person may be named in it.

    A person is told by a title («κ. Παπαδόπουλος») or by the end of a Greek surname. Leaving out
    an office that sounds like one is the smaller harm.
    """
    said = label(text)
    return said if said and not _SURNAME.search(fold(said)) else None
