"""How Alembic applies the migrations of one of our plugins; each plugin's ``env.py`` calls it."""

from __future__ import annotations

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool


def run(plugin: str, tables: str) -> None:
    """Apply a plugin's migrations in one transaction; its tables are those whose names begin with ``tables``."""

    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:
        return kind != "table" or bool(name and name.startswith(tables))

    section = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=f"{plugin}_alembic_version",
            include_object=ours,
        )
        with context.begin_transaction():
            context.run_migrations()
