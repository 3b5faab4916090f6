"""Alembic environment of plugin ``municipal_feeds``, run by ``ckan db upgrade``."""

from __future__ import annotations

from pathlib import Path

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool

PLUGIN = Path(__file__).parent.name


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return kind != "table" or bool(name and name.startswith(PLUGIN))


def run_migrations() -> None:
    """Apply the plugin's migrations in one transaction."""
    section = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=f"{PLUGIN}_alembic_version",
            include_object=_ours,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
