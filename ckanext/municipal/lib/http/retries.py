"""When a failed request is tried again: growing pauses with jitter, or what the server asks for."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ckanext.municipal.lib.http.errors import HttpError


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and after what pauses; ``jitter`` returns a number of 0 to 1."""

    attempts: int = 4
    first_pause: float = 0.5
    longest_pause: float = 30.0
    jitter: Callable[[], float] = random.random

    def pause(self, attempt: int, error: HttpError) -> float | None:
        """Return the seconds to wait after a failed attempt (1 is the first), ``None`` to stop.

        Between half and the whole of a pause that doubles each time, so that many portals that
        failed together do not come back together; never less than the server asked for.
        """
        if not error.again or attempt >= self.attempts:
            return None
        # An exponent that grows without end overflows; the pause is long before at its longest.
        doubled = min(self.longest_pause, self.first_pause * 2 ** min(attempt - 1, 32))
        pause = doubled * (0.5 + self.jitter() / 2)
        return max(pause, error.retry_after or 0.0)


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds of a ``Retry-After`` header (RFC 9110 §10.2.3): a number or a date.

    ``None`` for a missing or unreadable one; a date that has passed is 0.
    """
    if not header:
        return None
    header = header.strip()
    if header.isascii() and header.isdigit() and len(header) <= 9:
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
