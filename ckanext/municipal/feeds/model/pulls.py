"""Who pulled what, counted by day: kinds of programs and numbers of requests, never an address.

A count is no more than a count: where it cannot be written, the answer goes out all the same.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

_KEPT_DAYS = 400
# One way to the database and back, as it is part of every answer.
_COUNT = """
SET LOCAL synchronous_commit TO off;
INSERT INTO municipal_feed_pull AS known
    (day, client, feed, outcome, requests, datasets, latest)
VALUES (current_date, :client, :feed, :outcome, 1, :datasets, clock_timestamp())
ON CONFLICT (day, client, feed, outcome) DO UPDATE SET
    requests = known.requests + 1,
    datasets = known.datasets + excluded.datasets,
    latest = excluded.latest
RETURNING requests
"""

pull = sa.Table(
    "municipal_feed_pull",
    tk.BaseModel.metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("client", sa.UnicodeText, primary_key=True),
    sa.Column("feed", sa.UnicodeText, primary_key=True),
    sa.Column("outcome", sa.UnicodeText, primary_key=True),
    sa.Column("requests", sa.BigInteger, nullable=False),
    sa.Column("datasets", sa.BigInteger, nullable=False),
    sa.Column("latest", sa.DateTime(timezone=True), nullable=False),
    comment="What kinds of programs pulled of the feeds, and how often; no addresses",
)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a kind of program pulled of a feed since a day: ``outcome`` is sent, unchanged or refused."""

    client: str
    feed: str
    outcome: str
    requests: int
    datasets: int
    latest: datetime


def note(client: str, feed: str, outcome: str, datasets: int = 0) -> None:
    """Count a request at the end of it, without waiting for a disk; ends the session's transaction."""
    values = {"client": client, "feed": feed, "outcome": outcome, "datasets": datasets}
    try:
        if model.Session.execute(sa.text(_COUNT), values).scalar() == 1:
            oldest = sa.func.current_date() - _KEPT_DAYS
            model.Session.execute(sa.delete(pull).where(pull.c.day < oldest))
        model.Session.commit()
    except SQLAlchemyError:
        model.Session.rollback()
        log.warning("A request for feed %s could not be counted", feed, exc_info=True)


def since(day: date) -> list[Pulled]:
    """Return what was pulled since a day, the newest first."""
    columns = (pull.c.client, pull.c.feed, pull.c.outcome)
    latest = sa.func.max(pull.c.latest)
    statement = (
        sa.select(
            *columns,
            sa.cast(sa.func.sum(pull.c.requests), sa.BigInteger),
            sa.cast(sa.func.sum(pull.c.datasets), sa.BigInteger),
            latest,
        )
        .where(pull.c.day >= day)
        .group_by(*columns)
        .order_by(latest.desc())
    )
    return [Pulled(*row) for row in model.Session.execute(statement)]
