"""Alembic environment of plugin ``municipal_issues``, run by ``ckan db upgrade``."""

from __future__ import annotations

from ckanext.municipal.migration.environment import run

run("municipal_issues", tables="municipal_issues")
