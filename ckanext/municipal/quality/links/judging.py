"""What follows from an answer: the state of a link, whether its content changed, when it is asked next.

Three strikes before an address is broken, days apart: a server that is being restarted is no fault of
a publisher. One answer makes it whole again. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ckanext.municipal.quality.links.asking import Seen
from ckanext.municipal.quality.score.judging import Link

STRIKES = 3
_AFTER_STRIKE = (timedelta(hours=6), timedelta(hours=24))
_BROKEN_AGAIN = timedelta(days=1)
_FIRST_BACK_OFF, _LONGEST_BACK_OFF = timedelta(minutes=2), timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an address: None of a state is "not checked yet".

    ``changed`` is when its content was seen to be another than before.
    """

    state: Link | None = None
    strikes: int = 0
    status: int = 0
    etag: str | None = None
    modified: str | None = None
    digest: str | None = None
    type: str | None = None
    size: int | None = None
    reason: dict[str, str] | None = None
    checked: datetime | None = None
    changed: datetime | None = None


def judged(known: Known, seen: Seen, now: datetime) -> Known:
    """Return what is known of an address after an answer."""
    if seen.busy:
        return known
    if not seen.answers:
        strikes = known.strikes + 1
        state = Link.BROKEN if strikes >= STRIKES else known.state
        reason = dict(seen.reason)
        return replace(
            known, state=state, strikes=strikes, status=seen.status, reason=reason, checked=now
        )
    return Known(
        state=Link.OK if seen.head else Link.NO_HEAD,
        status=seen.status,
        etag=seen.etag,
        modified=seen.modified,
        digest=seen.digest,
        type=seen.type,
        size=seen.size,
        checked=now,
        changed=now if has_changed(known, seen) else known.changed,
    )


def has_changed(known: Known, seen: Seen) -> bool:
    """Tell whether the content is another: no mark of both answers is the same.

    One that is the same is enough: servers behind one name give the same file different tags.
    What can be compared by nothing has not changed.
    """
    marks = ((known.etag, seen.etag), (known.modified, seen.modified), (known.digest, seen.digest))
    both = [(old, new) for old, new in marks if old and new]
    return bool(both) and all(_mark(old) != _mark(new) for old, new in both)


def next_check(known: Known, seen: Seen, now: datetime, period: timedelta) -> datetime:
    """Return when an address is asked next; ``period`` is for one that answers."""
    if seen.busy:
        return now + _wait(seen, _AFTER_STRIKE[0])
    if known.strikes >= STRIKES:
        pause = _BROKEN_AGAIN
    elif known.strikes:
        pause = _AFTER_STRIKE[known.strikes - 1]
    else:
        pause = period
    return now + _wait(seen, min(pause, period))


def back_off(failures: int, seen: Seen) -> timedelta:
    """Return how long a server is left alone that failed so many times in a row, or asked for it."""
    doubled = min(_FIRST_BACK_OFF * 2 ** min(failures - 1, 20), _LONGEST_BACK_OFF)
    return _wait(seen, doubled)


def _wait(seen: Seen, least: timedelta) -> timedelta:
    """As long as the server wants, a week at most: nobody is left alone for good."""
    wanted = min(timedelta(seconds=seen.retry_after or 0), timedelta(days=7))
    return max(least, wanted)


def _mark(text: str) -> str:
    """An ETag says the same as a weak one and a strong one (RFC 9110 §8.8.3.2, weak comparison)."""
    return text.removeprefix("W/")
