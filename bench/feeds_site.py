"""A catalogue in the test site for the figures of the feeds: 10,000 datasets of three distributions.

Twenty datasets are made by the API, of all that a publisher can say; the others are their copies
under other ids and names, row by row in the database, where triggers note them as any other. The
records are made by the worker, as those of a portal are.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bench import site

DATASETS = 10_000
INDEXED = 500
"""So many are in the search index, which the stock feed asks page by page."""
_MODELS = 20
_CHILDREN = ("package_extra", "package_tag", "resource")
_SQUARE = (
    '{"type": "Polygon", "coordinates": [[[22.9, 40.6], [23, 40.6], [23, 40.7], [22.9, 40.6]]]}'
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is there: datasets and records, and how many records the worker made a second.

    ``made_per_s`` is None where an earlier run made them.
    """

    datasets: int
    records: int
    made_per_s: float | None


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the catalogue that an earlier run left, or empty the test site, fill it and make all records."""
    from ckan import model

    from ckanext.municipal.feeds import work
    from ckanext.municipal.feeds.model import served

    application = site.app()._wsgi_app
    with application.test_request_context():
        if _is_there():
            return Catalogue(DATASETS, DATASETS, None)
    model.repo.tables_created_and_initialised = True  # they are emptied, not made anew
    model.repo.rebuild_db()
    with application.test_request_context():
        context = site.context()
        organisation = _organisation(context)
        models = [_dataset(context, number, organisation) for number in range(_MODELS)]
        _copy(models, DATASETS // _MODELS - 1)
        _index()
    start = time.perf_counter()
    made = work.drain(application)
    took = time.perf_counter() - start
    with application.test_request_context():
        return Catalogue(DATASETS, served.count(served.Choice()), round(made / took, 1))


def _is_there() -> bool:
    """Tell whether the whole catalogue, and nothing else, has its records."""
    from ckan import model

    from ckanext.municipal.feeds.model import served

    names = model.Session.query(model.Package).filter_by(state="active")
    ours = names.filter(model.Package.name.like("bench-feed-%"))
    return ours.count() == names.count() == served.count(served.Choice()) == DATASETS


def call(context: Any, action: str, **data: Any) -> Any:
    """Call an action with every right, inside a request."""
    import ckan.plugins.toolkit as tk

    by: Any = dict(context)
    return tk.get_action(action)(by, data)


def _organisation(context: Any) -> str:
    texts = {"title_translated": {"el": "Τμήμα Μετρήσεων", "en": "Measurements"}}
    return call(context, "organization_create", name="bench-feeds", **texts)["id"]


def _dataset(context: Any, number: int, organisation: str) -> str:
    """A dataset that says all that is asked of it; returns its id."""
    words = f"Αριθμός {number}: δένδρα, δρόμοι και πλατείες της πόλης, με θέση και κατάσταση."
    made = call(
        context,
        "package_create",
        name=f"bench-feed-{number}",
        owner_org=organisation,
        title_translated={"el": f"Δένδρα {number}", "en": f"Trees {number}"},
        notes_translated={
            "el": words * 3,
            "en": f"Number {number}: trees, roads and squares. " * 4,
        },
        tags_translated={"el": ["δένδρα", "πόλη"], "en": ["trees", "city"]},
        license_id="CC BY 4.0",
        theme=["http://publications.europa.eu/resource/authority/data-theme/ENVI"],
        frequency="http://publications.europa.eu/resource/authority/frequency/MONTHLY",
        access_rights="http://publications.europa.eu/resource/authority/access-right/PUBLIC",
        contact=[{"name": "Ανοικτά δεδομένα", "email": "open@example.org"}],
        spatial_coverage=[{"text": "Κέντρο", "geom": _SQUARE}],
        temporal_coverage=[{"start": "2024-01-01", "end": "2024-12-31"}],
        resources=[_resource(number, kind) for kind in ("csv", "json", "xlsx")],
    )
    return made["id"]


def _resource(number: int, kind: str) -> dict[str, Any]:
    return {
        "url": f"https://example.org/files/{number}/trees.{kind}",
        "format": kind.upper(),
        "name_translated": {"el": f"Δένδρα ({kind})", "en": f"Trees ({kind})"},
        "description_translated": {"el": "Ένα δένδρο ανά γραμμή.", "en": "A tree a row."},
        "size": 1_000_000 + number,
        "license": "CC BY 4.0",
    }


def _copy(models: list[str], times: int) -> None:
    """Copy datasets with all that belongs to them, in the tables that this CKAN has."""
    import sqlalchemy as sa
    from ckan import model

    new = "md5(old.{} || n)::uuid::text"
    names = ", 'name', old.name || '-' || n"
    statement = (
        'INSERT INTO "{table}" SELECT (jsonb_populate_record(old, jsonb_build_object('
        "'id', " + new.format("id") + "{more}))).*"
        ' FROM "{table}" AS old, generate_series(1, :times) AS n WHERE old.{owner} = ANY (:models)'
    )
    values = {"times": times, "models": models}
    there = set(sa.inspect(model.Session.connection()).get_table_names())
    model.Session.execute(
        sa.text(statement.format(table="package", more=names, owner="id")), values
    )
    for table in _CHILDREN:
        if table in there:
            more = f", 'package_id', {new.format('package_id')}"
            text = statement.format(table=table, more=more, owner="package_id")
            model.Session.execute(sa.text(text), values)
    members = statement.format(
        table="member", more=f", 'table_id', {new.format('table_id')}", owner="table_id"
    )
    model.Session.execute(sa.text(members), values)
    model.Session.commit()


def _index() -> None:
    """Put the first datasets by name into the search index, and nothing else."""
    from ckan import model
    from ckan.lib import search

    search.clear_all()
    ids = model.Session.query(model.Package.id).order_by(model.Package.name).limit(INDEXED)
    search.rebuild(package_ids=[row[0] for row in ids], defer_commit=True)
    search.commit()
