"""Alembic environment of plugin ``municipal_harvest``, run by ``ckan db upgrade``."""

from __future__ import annotations

from ckanext.municipal.migration.environment import run

run("municipal_harvest", tables="municipal_harvest")
