"""Alembic environment of plugin ``municipal_feeds``, run by ``ckan db upgrade``."""

from __future__ import annotations

from ckanext.municipal.migration.environment import run

run("municipal_feeds", tables="municipal_feed_")
