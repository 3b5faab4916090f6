"""Alembic environment of plugin ``municipal_quality``, run by ``ckan db upgrade``."""

from __future__ import annotations

from ckanext.municipal.migration.environment import run

run("municipal_quality", tables="municipal_quality")
