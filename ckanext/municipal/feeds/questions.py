"""What a harvester asks of the catalogue: the parameters of its address, read and checked. Pure.

Every wrong parameter is told at once. A parameter that is not known is passed over, as it always
was: harvesters add their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from ckanext.municipal.feeds.refusals import Fault, Refused
from ckanext.municipal.lib.texts import N_

DCAT_AP = (
    *("municipal_dcat_ap", "euro_dcat_ap_3", "euro_dcat_ap_scheming"),
    *("euro_dcat_ap_2", "euro_dcat_ap"),
)
"""Profiles of ckanext-dcat that a record satisfies: DCAT-AP 3 says what 1 and 2 say, and more."""

CHOICES = ("organization", "group", "theme", "hvd")
"""Parameters that choose datasets by what their records say."""

NAMES = ("page", "after", "q", "fq", "modified_since", "profiles", *CHOICES)

_LONGEST = 2_000
_TOO_LONG = N_("{name}: at most {most} characters.")
_NO_TEXT = N_("{name}: this is not text that can be looked for. Leave out control characters.")
_TWICE = N_("{name} is given more than once. Give it once.")
_PAGE = N_("page: {value} is not a whole number from 1 to 999999999.")
_NUMBER = N_("{name}: {value} is not a whole number. Take the address from the answer before.")
_DATE = N_(
    "{name}: {value} is no date. Write it as in ISO 8601: 2026-01-31 or 2026-01-31T12:00:00Z."
)
_PROFILE = N_("profiles: {value} is not written here. There are: {names}.")
_TRUE = N_("hvd: {value} is not true. Write hvd=true, or leave it out for all datasets.")

_T = TypeVar("_T")
Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """Which datasets are wanted, and of them which page.

    ``q`` and ``fq`` are for the search index; ``since`` is the oldest wanted change of a record;
    ``organization``, ``group`` and ``theme`` are as written in the address. A page begins after
    dataset ``after``; without one it is the ``page``-th, from 1.
    """

    page: int = 1
    after: str | None = None
    q: str = ""
    fq: str = ""
    since: datetime | None = None
    profiles: str = ""
    organization: str = ""
    group: str = ""
    theme: str = ""
    hvd: bool = False

    @property
    def searches(self) -> bool:
        """Whether the search index is needed for the answer."""
        return bool(self.q or self.fq)

    def choice(self) -> list[tuple[str, str]]:
        """Return the parameters, without the page, that ask for the same datasets; always alike."""
        said = {
            "q": self.q,
            "fq": self.fq,
            "modified_since": self.since.isoformat() if self.since else "",
            "profiles": self.profiles,
            "organization": self.organization,
            "group": self.group,
            "theme": self.theme,
            "hvd": "true" if self.hvd else "",
        }
        return [(name, text) for name, text in said.items() if text]


def question(given: Given, profiles: Sequence[str] = DCAT_AP) -> Question:
    """Return what the parameters of a page ask for; an empty one counts as not given.

    ``profiles`` are those that may be asked for. Raises Refused (400) with all faults.
    """
    reader = _Reader(given)
    said = Question(
        page=reader.one("page", _page) or 1,
        after=reader.one("after", str),
        q=reader.one("q", str) or "",
        fq=reader.one("fq", str) or "",
        since=reader.one("modified_since", lambda text: _moment("modified_since", text)),
        profiles=reader.one("profiles", lambda text: _profiles(text, profiles)) or "",
        organization=reader.one("organization", str) or "",
        group=reader.one("group", str) or "",
        theme=reader.one("theme", str) or "",
        hvd=reader.one("hvd", _true) or False,
    )
    reader.settle()
    return said


def deletions(given: Given) -> tuple[datetime | None, int]:
    """Return since when deletions are wanted (None: all), and after which revision (0: from the first).

    Raises Refused (400) with all faults.
    """
    reader = _Reader(given)
    since = reader.one("deleted_since", lambda text: _moment("deleted_since", text))
    after = reader.one("after", lambda text: _number("after", text)) or 0
    reader.settle()
    return since, after


class _Reader:
    """Reads parameters and keeps what is wrong with them."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._faults: list[Fault] = []

    def settle(self) -> None:
        """Raise Refused if anything was wrong."""
        if self._faults:
            raise Refused(400, *self._faults)

    def one(self, name: str, read: Callable[[str], _T]) -> _T | None:
        """Return a parameter's value, None where it is not given or wrong."""
        values = {text for each in self._given.get(name, ()) if (text := each.strip())}
        try:
            if len(values) > 1:
                raise Fault(_TWICE, name=name)
            return read(_text(name, values.pop())) if values else None
        except Fault as fault:
            self._faults.append(fault)
            return None


def _text(name: str, text: str) -> str:
    """A text that databases and the search index can hold."""
    if len(text) > _LONGEST:
        raise Fault(_TOO_LONG, name=name, most=_LONGEST)
    if any(ord(c) < 32 or "\ud800" <= c <= "\udfff" or c in "\x7f\ufffe\uffff" for c in text):
        raise Fault(_NO_TEXT, name=name)
    return text


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise Fault(_PAGE, value=text[:40])
    return int(text)


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Fault(_NUMBER, name=name, value=text[:40])
    return int(text)


def _moment(name: str, text: str) -> datetime:
    """A moment; one without an offset is in UTC. A plus that came as a space is read as a plus."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return found if found.utcoffset() is not None else found.replace(tzinfo=UTC)
    except ValueError:
        raise Fault(_DATE, name=name, value=text[:40]) from None


def _profiles(text: str, offered: Sequence[str]) -> str:
    wanted = [name for each in text.split(",") if (name := each.strip())]
    for name in wanted:
        if name not in offered:
            raise Fault(_PROFILE, value=name[:40], names=", ".join(offered))
    return ",".join(wanted)


def _true(text: str) -> bool:
    if text.lower() not in ("true", "1"):
        raise Fault(_TRUE, value=text[:40])
    return True
