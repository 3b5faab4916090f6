"""What a dataset is at one moment: in the feeds, not yet, not any more, or not fit for them."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy.exc
from ckan import model
from ckan.lib.search.common import SearchError
from ckan.types import Context

from ckanext.municipal.feeds import config, rules
from ckanext.municipal.feeds.making import Made, make
from ckanext.municipal.lib import dates
from ckanext.municipal.quality.findings import Finding

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a dataset may take its worker down before it is set aside."""
OUTSIDE = (
    OSError,
    SearchError,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
)
"""Errors that are not the dataset's fault: it is tried again."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Deleted or purged."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Not public: private, a draft, of another type, or not before ``until``."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """Public, and no record can be made of it."""

    finding: Finding


Seen = Gone | Hidden | Broken | Made


def look(dataset_id: str, times: int = 1) -> Seen:
    """Return what a dataset is, all of it read at one moment of the database.

    ``times`` is how often a record of it was begun, this time too: of one that took its worker down
    more than ATTEMPTS times none is made. Raises one of OUTSIDE where a service fails; whatever else
    fails is the dataset's own fault.
    """
    model.Session.rollback()
    model.Session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        return _look(dataset_id, times)
    except rules.Unsayable as error:
        return Broken(error.finding)
    except OUTSIDE:
        raise
    except Exception as error:  # noqa: BLE001 - profiles and plugins of others raise what they like
        log.warning("No record of %s: %s at %s", dataset_id, type(error).__name__, _place(error))
        values = {"kind": type(error).__name__, "where": _place(error)}
        return Broken(Finding(rules.NOT_MADE, values=values))
    finally:
        model.Session.remove()


def now() -> datetime:
    """Return the present moment, which ends embargoes."""
    return datetime.now(UTC)


def _look(dataset_id: str, times: int) -> Seen:
    package: Any = model.Session.get(model.Package, dataset_id)
    if package is None or package.state == "deleted":
        return Gone()
    if package.private or package.state != "active" or package.type not in config.types():
        return Hidden()
    if times > ATTEMPTS:
        return Broken(Finding(rules.KILLED, values={"count": times - 1}))
    context = {
        "ignore_auth": True,
        "use_cache": False,  # the index may be a moment behind
        "user": "",
        "model": model,
        "session": model.Session,
    }
    dataset = tk.get_action("package_show")(cast(Context, context), {"id": dataset_id})
    until = _embargo(dataset)
    return Hidden(until) if until and until > now() else make(dataset)


def _embargo(dataset: dict[str, Any]) -> datetime | None:
    """Return from when on a dataset is public. Raises rules.Unsayable where that cannot be read."""
    name = config.embargo_field()
    extras = {extra["key"]: extra["value"] for extra in dataset.get("extras") or ()}
    written = str(dataset.get(name) or extras.get(name) or "").strip()
    if not written:
        return None
    try:
        return dates.moment(written)
    except dates.NotADate as error:
        values = {"field": name, "value": written[:100]}
        raise rules.Unsayable(Finding(rules.EMBARGO, values=values)) from error


def _place(error: BaseException) -> str:
    """Return file, line and function where an exception was raised; its text may quote the dataset."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno} ({last.name})"
