"""Reads of CKAN's own tables that no action answers in one query."""

from __future__ import annotations

import json
from collections.abc import Iterable

import flask
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import selectinload

_MAY_WRITE = sa.text("""
    SELECT has_schema_privilege(current_user, 'public', 'CREATE') OR EXISTS (
        SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND has_table_privilege(
            current_user, format('%I.%I', schemaname, tablename), 'INSERT, UPDATE, DELETE'))
""")


def group_titles(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the titles of groups and organisations by name, as ``{name: {language: title}}``.

    The language ``""`` stands for those without a translation. Unknown names are left out. Two
    queries, whatever the number of names; on a page that is only read, each name is asked for once.
    """
    known = _known_titles()
    wanted = list(names)
    missing = [name for name in wanted if name not in known]
    if missing:
        known |= dict.fromkeys(missing) | _stored_titles(missing)
    return {name: titles for name in wanted if (titles := known[name])}


def _known_titles() -> dict[str, dict[str, str] | None]:
    """Return the titles that this request has looked up; nothing is kept where it may write."""
    if not flask.has_request_context() or flask.request.method != "GET":
        return {}
    return flask.g.setdefault("municipal_group_titles", {})


def _stored_titles(names: list[str]) -> dict[str, dict[str, str]]:
    query = model.Session.query(model.Group).filter(model.Group.name.in_(names))
    extras = getattr(model.Group, "_extras", None)  # a table until CKAN 2.12, then a column
    if extras is not None:
        query = query.options(selectinload(extras))
    return {
        group.name: {
            **_translations(group.extras.get("title_translated")),
            "": group.title or group.name,
        }
        for group in query
    }


def dataset_name_is_taken(name: str) -> bool:
    """Say whether a dataset of any state has this name."""
    return bool(model.Session.query(model.Package.id).filter(model.Package.name == name).first())


def group_name_is_taken(name: str) -> bool:
    """Say whether a group or organisation of any state has this name."""
    return bool(model.Session.query(model.Group.id).filter(model.Group.name == name).first())


def _translations(stored: object) -> dict[str, str]:
    try:
        value = json.loads(stored) if isinstance(stored, str) else stored
    except ValueError:
        return {}
    if not isinstance(value, dict):
        return {}
    return {
        str(language): text for language, text in value.items() if isinstance(text, str) and text
    }


def datastore_reader_may_write() -> bool:
    """Say whether the user who reads the DataStore could make or fill a table there."""
    from ckanext.datastore.backend.postgres import get_read_engine

    with get_read_engine().connect() as connection:
        return bool(connection.execute(_MAY_WRITE).scalar())


def active_resources(ids: Iterable[str]) -> set[str]:
    """Return which of some resources there are, not deleted, in one query."""
    wanted = list(ids)
    if not wanted:
        return set()
    query = sa.select(model.Resource.id).where(
        model.Resource.id.in_(wanted), model.Resource.state == "active"
    )
    return set(model.Session.execute(query).scalars())


def anything_public(dataset_type: str) -> bool:
    """Return whether a dataset of a type is published to everybody, in one query."""
    query = sa.select(model.Package.id).where(
        model.Package.type == dataset_type,
        model.Package.state == "active",
        model.Package.private.is_(False),
    )
    return model.Session.execute(query.limit(1)).first() is not None
