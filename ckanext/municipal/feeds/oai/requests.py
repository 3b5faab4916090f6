"""What a harvester asks by OAI-PMH: verbs and arguments (§3.1, §4), read and checked. Pure.

Beside a resumption token, which excludes everything else, harvesters are known to repeat the verb and
the metadata prefix: that is let pass where it says the same again.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from ckanext.municipal.feeds.oai import errors
from ckanext.municipal.feeds.oai.errors import Problem, Unanswered
from ckanext.municipal.lib.texts import N_

PREFIXES = ("dcat_ap", "oai_dc")
# Verb -> arguments that have to be there, arguments that may be.
_LISTS = (("metadataPrefix",), ("from", "until", "set"))
VERBS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Identify": ((), ()),
    "ListMetadataFormats": ((), ("identifier",)),
    "ListSets": ((), ()),
    "GetRecord": (("identifier", "metadataPrefix"), ()),
    "ListIdentifiers": _LISTS,
    "ListRecords": _LISTS,
}
_RESUMED = ("ListSets", "ListIdentifiers", "ListRecords")
RESUMPTION = "resumptionToken"
ARGUMENTS = ("verb", "identifier", "metadataPrefix", "from", "until", "set", RESUMPTION)
_LONGEST = 1_000
_WORD = re.compile(r"[\w.!~*'()-]+", re.A)
_SET = re.compile(r"[\w.!~*'()-]+(:[\w.!~*'()-]+)*", re.A)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.A)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.A)
_NUMBER = re.compile(r"0|[1-9]\d{0,17}", re.A)

_VERB = N_("verb: {value} is none. There are: {names}.")
_NO_VERB = N_("verb: it has to be given, once. There are: {names}.")
_UNKNOWN = N_("{name} is no argument of {verb}.")
_TWICE = N_("{name} is given more than once. Give it once.")
_MISSING = N_("{name} has to be given.")
_ODD = N_("{name}: this is not what can be asked for. Leave it out, or write it as told before.")
_DATE = N_("{name}: {value} is no date. Write it as 2026-01-31 or 2026-01-31T12:00:00Z.")
_ORDER = N_("from is later than until.")
_DIFFERENT = N_("from and until are not both days, nor both seconds. Write them alike.")
_FORMAT = N_("metadataPrefix: {value} is not written here. There are: {names}.")
_NOT_OURS = N_("resumptionToken: {value} is none of this portal's. Begin the list anew.")
_EXCLUSIVE = N_("{name} cannot be given beside resumptionToken, which says it already.")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: ``arguments`` as they were given, ``verb`` among them.

    ``since`` is the first moment of a list and ``before`` the first one after it, ``set`` its kind
    and name ("" for all of a kind); ``chosen`` is all of that as it was first written. A list goes
    on after revision ``after``, ``cursor`` records of it having been told.
    """

    verb: str
    arguments: Mapping[str, str]
    chosen: Mapping[str, str]
    prefix: str = ""
    identifier: str = ""
    since: datetime | None = None
    before: datetime | None = None
    set: tuple[str, str] | None = None
    after: int = 0
    cursor: int = 0

    @property
    def resumed(self) -> bool:
        """Whether this asks for more of a list."""
        return RESUMPTION in self.arguments


def read(given: Mapping[str, Sequence[str]]) -> Request:
    """Return what arguments ask for. Raises Unanswered with every problem that they have."""
    verb = _verb(given)
    if RESUMPTION in given and verb in _RESUMED:
        return _resumed(verb, given)
    required, _ = VERBS[verb]
    problems = [
        *(_bad(_UNKNOWN, name=name, verb=verb) for name in given if name not in _names(verb)),
        *(_bad(_TWICE, name=name) for name in _names(verb) if len(given.get(name, ())) > 1),
        *(_bad(_MISSING, name=name) for name in required if name not in given),
    ]
    if problems:
        raise Unanswered(*problems)
    return _checked(verb, {name: values[0] for name, values in given.items()})


def repeated(given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return what an answer repeats of arguments of which none is bad: beside a token, nothing else."""
    names = ("verb", RESUMPTION) if RESUMPTION in given else ARGUMENTS
    return {name: given[name][0] for name in names if name in given}


def token(asked: Request, after: int, cursor: int) -> str:
    """Return what asks for the records of a list after a revision, ``cursor`` of them told before.

    It says all of it itself, in characters that need no escape: it stays valid for ever.
    """
    place = {"metadataPrefix": asked.prefix, "after": after, "cursor": cursor}
    told = urlencode(place | dict(asked.chosen))
    return urlsafe_b64encode(told.encode()).decode().rstrip("=")


def moment(at: datetime) -> str:
    """Return a moment as OAI-PMH writes it, in whole seconds (§3.3)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)


def _verb(given: Mapping[str, Sequence[str]]) -> str:
    values = given.get("verb", ())
    said = set(values) if RESUMPTION in given else values
    names = ", ".join(VERBS)
    if len(said) != 1:
        raise Unanswered(Problem(errors.BAD_VERB, _NO_VERB, names=names))
    if values[0] not in VERBS:
        raise Unanswered(Problem(errors.BAD_VERB, _VERB, value=values[0][:40], names=names))
    return values[0]


def _names(verb: str) -> tuple[str, ...]:
    required, optional = VERBS[verb]
    return ("verb", *required, *optional)


def _checked(verb: str, said: Mapping[str, str]) -> Request:
    """A request whose arguments are there once each; their values are checked."""
    problems = [_bad(_ODD, name=name) for name, text in said.items() if not _is_said(name, text)]
    if problems:
        raise Unanswered(*problems)
    since, before = _period(said)
    prefix, set_ = said.get("metadataPrefix", ""), said.get("set")
    if prefix and prefix not in PREFIXES:
        names = ", ".join(PREFIXES)
        raise Unanswered(Problem(errors.NO_FORMAT, _FORMAT, value=prefix[:40], names=names))
    kind, _, name = (set_ or "").partition(":")
    in_set = (kind, name) if set_ else None
    chosen = {name: text for name, text in said.items() if name in _LISTS[1]}
    return Request(verb, said, chosen, prefix, said.get("identifier", ""), since, before, in_set)


def _period(said: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """The first moment of a period, and the first one after it."""
    dates = {name: said[name] for name in ("from", "until") if name in said}
    found = {name: _moment(text) for name, text in dates.items()}
    wrong = [name for name, read in found.items() if read is None]
    if wrong:
        raise Unanswered(*(_bad(_DATE, name=name, value=dates[name][:40]) for name in wrong))
    since, until = found.get("from"), found.get("until")
    if since and until:
        if len(dates["from"]) != len(dates["until"]):
            raise Unanswered(_bad(_DIFFERENT))
        if since > until:
            raise Unanswered(_bad(_ORDER))
    return since, _after(until, dates["until"]) if until else None


def _moment(text: str) -> datetime | None:
    if not (_DAY.fullmatch(text) or _SECOND.fullmatch(text)):
        return None
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        return None


def _after(until: datetime, text: str) -> datetime | None:
    """The first moment after a day or second; None at the end of time."""
    step = timedelta(days=1) if _DAY.fullmatch(text) else timedelta(seconds=1)
    try:
        return until + step
    except OverflowError:
        return None


def _resumed(verb: str, given: Mapping[str, Sequence[str]]) -> Request:
    values = given[RESUMPTION]
    if len(set(values)) > 1:
        raise Unanswered(_bad(_TWICE, name=RESUMPTION))
    asked = _of_token(verb, values[0])
    for name, said in given.items():
        repeated = name == "verb" or (name == "metadataPrefix" and set(said) == {asked.prefix})
        if name != RESUMPTION and not repeated:
            raise Unanswered(_bad(_EXCLUSIVE, name=name[:40]))
    return asked


def _of_token(verb: str, text: str) -> Request:
    """What a token asks for: nothing but what `token` would write is one."""
    wrong = Unanswered(Problem(errors.BAD_RESUMPTION, _NOT_OURS, value=text[:40]))
    if verb == "ListSets" or not _is_text(text):
        raise wrong
    try:
        decoded = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        said = dict(parse_qsl(decoded, strict_parsing=True))
        after, cursor = said.pop("after"), said.pop("cursor")
        asked = _checked(verb, said)
    except (ValueError, KeyError, Unanswered):
        raise wrong from None
    if not (_NUMBER.fullmatch(after) and _NUMBER.fullmatch(cursor) and asked.prefix):
        raise wrong
    if token(asked, int(after), int(cursor)) != text:
        raise wrong
    arguments = {"verb": verb, RESUMPTION: text}
    return replace(asked, arguments=arguments, after=int(after), cursor=int(cursor))


def _is_said(name: str, text: str) -> bool:
    shapes = {"set": _SET, "metadataPrefix": _WORD}
    return _is_text(text) and (name not in shapes or bool(shapes[name].fullmatch(text)))


def _is_text(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and all("\x20" < c < "\x7f" for c in text)


def _bad(msgid: str, **values: object) -> Problem:
    return Problem(errors.BAD_ARGUMENT, msgid, **values)
