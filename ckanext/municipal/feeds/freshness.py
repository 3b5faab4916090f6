"""Which state of the feeds an answer tells, asked before anything of the answer is made."""

from __future__ import annotations

from datetime import UTC, datetime

from ckanext.municipal.feeds import answers, catalogue
from ckanext.municipal.feeds.answers import Version
from ckanext.municipal.feeds.model import served
from ckanext.municipal.portal import config as portal


def version(*parts: object) -> Version:
    """Return the version of an answer that is made of the records, the settings and ``parts``."""
    now = served.state()
    settings = catalogue.fragment("ntriples", [])
    return answers.version(now.revision, now.hidden, settings, *parts, changed=_changed(now))


def _changed(now: served.State) -> datetime | None:
    """When records or city.yaml changed last; what was hidden since then has no date yet."""
    if now.hidden or not now.changed:
        return None
    described = datetime.fromtimestamp(portal.city_file().stat().st_mtime, UTC)
    return max(now.changed, described)
