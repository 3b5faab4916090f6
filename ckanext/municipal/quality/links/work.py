"""Links that are due are asked, one at a time for each server. Any number of processes may do it.

An answer and what follows from it are one transaction: a process that is killed leaves the address
due, and another asks it again. Nothing is held while a server is waited for but that server.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from ckanext.municipal.lib.http import Client, Retries
from ckanext.municipal.portal.config import http_allow, site_url
from ckanext.municipal.quality import config, keeping
from ckanext.municipal.quality.links.asking import Seen, ask
from ckanext.municipal.quality.links.judging import Known, back_off, judged, next_check
from ckanext.municipal.quality.model import links
from ckanext.municipal.quality.model.connection import connection, taken
from ckanext.municipal.quality.model.links import Due

log = logging.getLogger(__name__)

SECONDS = 20.0
"""How long one address may take, redirects included; data.europa.eu waits for ten."""
DOWN = 3
"""After so many of its addresses in a row could not be reached, a server is taken to be down."""
_HOSTS = 200


@dataclass(slots=True)
class Round:
    """What one process does: until when, and when each server may be asked next."""

    ends: float
    pause: float
    period: timedelta
    stop: threading.Event = field(default_factory=threading.Event)
    rests: dict[str, float] = field(default_factory=dict)

    def over(self) -> bool:
        """Tell whether it is time to end."""
        return self.stop.is_set() or time.monotonic() >= self.ends


def is_due() -> bool:
    """Return whether an address is to be asked, on a portal that asks by itself."""
    if not config.checks_links():
        return False
    with connection() as ours:
        return bool(links.due_hosts(ours, 1))


def check_due(
    seconds: float = float("inf"),
    stop: threading.Event | None = None,
    tell: Callable[[str, Known], object] = lambda *_: None,
) -> int:
    """Ask what is due, for so many seconds or until nothing is; returns how many addresses were asked.

    ``tell`` is given each address and what is known of it afterwards.
    """
    ends = time.monotonic() + seconds
    work = Round(ends, config.pause(), config.period(), stop or threading.Event())
    done = 0
    with client() as asking, connection() as ours:
        while not work.over() and (hosts := links.due_hosts(ours, _HOSTS)):
            asked = sum(_ask_next(ours, asking, host, work, tell) for host in hosts)
            done += asked
            if not asked and not _rest(hosts, work):
                break
    return done


def client() -> Client:
    """Return the client that asks: once an address, no longer than SECONDS, our own portal too."""
    site = urlsplit(site_url())
    port = site.port or (443 if site.scheme == "https" else 80)
    return Client(
        allow=[*http_allow(), f"{site.hostname}:{port}"],
        proxy=tk.config.get("ckan.download_proxy") or None,
        total_seconds=SECONDS,
        read_seconds=SECONDS / 2,
        retries=Retries(attempts=1),  # an address that fails is tried again hours later
        user_agent=f"ckanext-municipal (links of {site.geturl()})",
    )


def _rest(hosts: list[str], work: Round) -> bool:
    """Wait until one of the servers may be asked again; False where other processes have them all."""
    ours = [work.rests[host] for host in hosts if host in work.rests]
    if not ours:
        return False
    work.stop.wait(max(0.0, min(*ours, work.ends) - time.monotonic()))
    return True


def _ask_next(
    ours: Any, asking: Client, host: str, work: Round, tell: Callable[[str, Known], object]
) -> bool:
    """Ask the next address of a server, unless it rests or another process asks it."""
    if work.over() or work.rests.get(host, 0.0) > time.monotonic():
        return False
    with taken(ours, "host", host) as mine:
        due = links.next_due(ours, host) if mine else None
        if due is None:
            work.rests.pop(host, None)
            return False
        seen = ask(asking, due.url)
        now = datetime.now(UTC)
        with ours.begin():
            after = _settle(ours, due, seen, now, work.period)
            _settle_host(ours, host, seen, now, work.period)
        work.rests[host] = time.monotonic() + work.pause
    tell(due.url, after)
    return True


def _settle(ours: Any, due: Due, seen: Seen, now: datetime, period: timedelta) -> Known:
    """Write what follows for an address, and for the datasets that name it if its state changed."""
    after = judged(due.known, seen, now)
    links.put(ours, due.id, after, next_check(after, seen, now, period))
    if (after.state, after.changed) != (due.known.state, due.known.changed):
        for dataset_id in links.users(ours, due.id):
            keeping.keep_again(ours, dataset_id)
    return after


def _settle_host(ours: Any, host: str, seen: Seen, now: datetime, period: timedelta) -> None:
    """Leave a server alone that is down or asked for it; of one that is down all due addresses failed."""
    failures = links.failures(ours, host)
    if not seen.unreachable:
        if seen.busy or seen.retry_after:
            links.leave_alone(ours, host, failures + 1, now + back_off(failures + 1, seen))
        elif failures:
            links.welcome(ours, host)
        return
    failures += 1
    if failures < DOWN:
        links.leave_alone(ours, host, failures, now)
        return
    links.leave_alone(ours, host, failures, now + back_off(failures - DOWN + 1, seen))
    log.info("%s cannot be reached; it is left alone", host)
    for due in links.due_of(ours, host):
        _settle(ours, due, seen, now, period)
