"""Checks of what the portal stands on: Solr, Redis, the DataStore, the workers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pysolr
import rq
from ckan.lib.jobs import add_queue_name_prefix
from ckan.lib.redis import connect_to_redis, is_redis_available
from ckan.lib.search.common import make_connection
from ckan.plugins import plugin_loaded
from ckan.plugins import toolkit as tk

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import model
from ckanext.municipal.portal.doctor import check
from ckanext.municipal.quality.findings import Finding, Rule, Severity

BOX_FIELDS = ("minx", "maxx", "miny", "maxy")
NUMBER_TYPES = ("float", "pfloat", "double", "pdouble")
HEARTBEAT = datetime.timedelta(minutes=10)

NO_SOLR = Rule(
    "doctor-no-solr",
    Severity.ERROR,
    N_("Solr does not answer at the address in solr_url."),
    N_("Start Solr, or correct solr_url."),
)
NO_BOX = Rule(
    "doctor-no-box",
    Severity.ERROR,
    N_("Solr's schema has no number field {field}: search by place does not work."),
    N_("Use the Solr core of this suite, or add minx, maxx, miny and maxy as numbers."),
)
NO_REDIS = Rule(
    "doctor-no-redis",
    Severity.ERROR,
    N_("Redis does not answer: no background job, no harvest."),
    N_("Start Redis, or correct ckan.redis.url."),
)
NO_DATASTORE = Rule(
    "doctor-no-datastore",
    Severity.ERROR,
    N_("The plugin datastore is not on: tables cannot be searched."),
    N_("Add datastore to ckan.plugins and set its two addresses."),
)
DATASTORE_OPEN = Rule(
    "doctor-datastore-open",
    Severity.ERROR,
    N_("The reading user of the DataStore may change it."),
    N_("Run: ckan datastore set-permissions, and give the result to PostgreSQL."),
)
NO_WORKER = Rule(
    "doctor-no-worker",
    Severity.WARNING,
    N_("No worker has taken background jobs in the last ten minutes."),
    N_("Start one and let the system keep it running: ckan jobs worker"),
)


@check("solr", N_("Solr"))
def solr() -> Iterator[Finding]:
    """Look whether Solr answers and has what search by place needs."""
    connection = make_connection()
    try:
        connection.search("*:*", rows=0)
    except (pysolr.SolrError, OSError):
        yield Finding(NO_SOLR)
        return
    if tk.config.get("ckanext.spatial.search_backend", "solr-bbox") != "solr-bbox":
        return
    for field in BOX_FIELDS:
        if _solr_type(connection, field) not in NUMBER_TYPES:
            yield Finding(NO_BOX, values={"field": field})


def _solr_type(connection: pysolr.Solr, field: str) -> str:
    answer = connection.get_session().get(f"{connection.url}/schema/fields/{field}", timeout=10)
    return answer.json().get("field", {}).get("type", "") if answer.ok else ""


@check("redis", N_("Redis"))
def redis() -> Iterator[Finding]:
    """Look whether Redis answers."""
    if not is_redis_available():
        yield Finding(NO_REDIS)


@check("datastore", N_("DataStore"))
def datastore() -> Iterator[Finding]:
    """Look whether the reading user of the DataStore can only read."""
    if not plugin_loaded("datastore"):
        yield Finding(NO_DATASTORE)
    elif model.datastore_reader_may_write():
        yield Finding(DATASTORE_OPEN)


@check("workers", N_("Background workers"))
def workers() -> Iterator[Finding]:
    """Look for the heartbeat of a worker of this portal's job queues."""
    if not is_redis_available():
        return
    prefix = add_queue_name_prefix("")
    now = datetime.datetime.now(datetime.UTC)
    for worker in rq.Worker.all(connection=connect_to_redis()):
        beat = worker.last_heartbeat
        beat = beat if beat is None or beat.tzinfo else beat.replace(tzinfo=datetime.UTC)
        ours = any(name.startswith(prefix) for name in worker.queue_names())
        if ours and beat and now - beat < HEARTBEAT:
            return
    yield Finding(NO_WORKER)
