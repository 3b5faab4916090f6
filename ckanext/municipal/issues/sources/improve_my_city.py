"""Requests of Improve My City v3 («Βελτιώνω την πόλη μου»), read over its API.

The program lists requests newest change first and knows no other order, so that pages by number
shift while somebody works. They are therefore read by time, oldest change first: a period that
holds more than a page is halved until each part fits one answer. A request that is changed
meanwhile moves to the last period, which has no end, and is read there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.harvest.source_form import Form
from ckanext.municipal.issues.request import Batch
from ckanext.municipal.issues.source import IssueSource
from ckanext.municipal.issues.sources import improve_my_city_request as one
from ckanext.municipal.issues.sources import improve_my_city_rules as rules
from ckanext.municipal.issues.sources.access import Access
from ckanext.municipal.issues.sources.improve_my_city_api import CONTROLLERS, Api, Site
from ckanext.municipal.issues.sources.improve_my_city_fields import Fields, NoNumber
from ckanext.municipal.issues.sources.improve_my_city_period import ALL_TIME, Page, Pages, Period
from ckanext.municipal.issues.sources.improve_my_city_token import GUEST, KEY_BYTES, Account
from ckanext.municipal.lib.http import Client
from ckanext.municipal.quality.findings import Finding, Place

OVERLAP_SECONDS = 24 * 3600
"""How far an incremental walk looks back. Installations whose PHP does not keep UTC write changes some hours
early, and ``modifications`` is off by the server's time zone."""

PAGE_SIZE = 500


@dataclass(frozen=True, slots=True)
class Settings:
    """What a source's YAML says of its site; ``key`` and ``password`` are names of secrets."""

    key: str
    controller: str
    m_id: int
    user: str = GUEST
    password: str = ""
    page_size: int = PAGE_SIZE


def settings(form: Form) -> Settings:
    """Read the keys of a source of this kind."""
    form.only(("key", "controller", "m_id", "user", "password", "page_size"))
    user = form.text("user", "the name of an account", GUEST)
    return Settings(
        key=form.secret("key", needed=True),
        controller=form.choice("controller", CONTROLLERS, "api2"),
        m_id=form.whole("m_id", 1, 2**31, 1),
        user=user,
        password=form.secret("password", needed=user != GUEST),
        page_size=form.whole("page_size", 10, 1_000, PAGE_SIZE),
    )


def make(source: IssueSource, access: Access) -> ImproveMyCity:
    """Return the reader of a source; raises `SourceInvalid` without its secrets."""
    told: Settings = source.reader
    password = access.secret(told.password) if told.password else GUEST
    try:
        account = Account(access.secret(told.key), told.user, password)
    except ValueError:
        values = {"name": told.key, "bytes": KEY_BYTES}
        raise RecordRefused(Finding(rules.KEY_TOO_SHORT, values=values)) from None
    site = Site(access.url, account, told.controller, told.m_id, source.language)
    return ImproveMyCity(site, access.client, told.page_size)


@dataclass(frozen=True, slots=True)
class ImproveMyCity:
    """Reads one site; its cursor is {"updated": the Unix time of the newest change that was read}."""

    site: Site
    client: Client
    page_size: int = PAGE_SIZE
    now: Callable[[], float] = time.time
    incremental: bool = True

    def walk(self, cursor: Any = None) -> Iterator[Batch]:
        """Yield requests, oldest change first, and which are no longer public.

        A whole walk ends with an error when it saw fewer requests than the site counts. One from a
        cursor ends with a batch that says which changed ones are not public, and which are there
        at all: the program does not note when a request is hidden or put into the bin.
        Raises `TryLater` and `HttpError`.
        """
        api = Api(self.client, self.site, self.now)
        paths = _category_paths(api.entries("categories", api.ask("categories")))
        pages = Pages(api, self.page_size)
        since = _since(cursor)
        newest = since + OVERLAP_SECONDS if since else 0
        total = pages.total(Period(since))
        for page in pages.walk(Period(since), total):
            newest = max(newest, min(_newest(page), api.now()))
            # Pages are newest first: the oldest change is to come first.
            batch = one.batch(one.read(entry, paths, "issues") for entry in reversed(page.entries))
            yield replace(batch, cursor={"updated": newest}, total=total)
        if since:
            yield _gone(api, since, pages, {"updated": newest})
        elif pages.read < min(total, pages.total(ALL_TIME)):
            raise api.trouble(rules.CUT_SHORT, "issues", read=pages.read, total=total)


def _since(cursor: Any) -> int | None:
    """Return where an incremental walk begins; a cursor that is none makes the walk whole."""
    updated = cursor.get("updated") if isinstance(cursor, Mapping) else None
    if not isinstance(updated, int) or updated <= OVERLAP_SECONDS:
        return None
    return updated - OVERLAP_SECONDS


def _newest(page: Page) -> int:
    """Return the Unix time of the newest change of a page; 0 where none has one."""
    moments = (
        Fields(entry, Place()).moment("updated")
        for entry in page.entries
        if isinstance(entry, Mapping)
    )
    return int(max((moment.timestamp() for moment in moments if moment), default=0))


def _gone(api: Api, since: int, pages: Pages, cursor: Any) -> Batch:
    """Return the batch that says which requests are no longer public."""
    withdrawn: list[str] = []
    answer = api.entries("modifications", api.ask("modifications", ts=since))
    updated = answer[0].get("updated") if answer and isinstance(answer[0], Mapping) else None
    issues = updated.get("issues") if isinstance(updated, Mapping) else None
    if not isinstance(issues, list):
        raise api.trouble(rules.ANSWER_UNKNOWN, "modifications")
    for issue in issues:
        # Nothing else is read of these: they may be in moderation.
        fields = Fields(issue if isinstance(issue, Mapping) else {}, Place("modifications"))
        try:
            if not one.is_public(fields):
                withdrawn.append(str(fields.number("id")))
        except NoNumber as error:
            raise api.trouble(rules.ANSWER_UNKNOWN, "modifications") from error
    return Batch(withdrawn=tuple(withdrawn), present=_present(api, pages), cursor=cursor)


def _present(api: Api, pages: Pages) -> tuple[str, ...]:
    """Return the ids of all requests that are not hidden; some may be in moderation."""
    least = pages.total(ALL_TIME)
    entries = api.entries("rawissues", api.ask("rawissues"))
    try:
        ids = {str(Fields(entry, Place("rawissues")).number("id")) for entry in entries}
    except (NoNumber, AttributeError) as error:
        raise api.trouble(rules.ANSWER_UNKNOWN, "rawissues") from error
    if len(ids) < least:
        raise api.trouble(rules.CUT_SHORT, "rawissues", read=len(ids), total=least)
    return tuple(ids)


def _category_paths(roots: list[Any]) -> one.Paths:
    """Return the names from the top to each category of the tree, by its number."""
    paths: dict[str, tuple[str, ...]] = {}
    left: list[tuple[Any, tuple[str, ...]]] = [(root, ()) for root in roots]
    while left:
        node, above = left.pop()
        if not isinstance(node, Mapping):
            continue
        fields = Fields(node, Place("categories"))
        path = (*above, fields.text("title") or "")
        paths[str(fields.whole("id"))] = path
        children = node.get("children")
        left += [(child, path) for child in children] if isinstance(children, list) else []
    return paths
