"""What every test may ask for: the real files, a clean site, the number of generated examples."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "municipal",
    max_examples=int(os.environ.get("MUNICIPAL_EXAMPLES", "2000")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("municipal")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real exports, which is not part of the project; without it the test is skipped."""
    folder = Path(os.environ.get("MUNICIPAL_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"no real files at {folder}: set MUNICIPAL_SHARED to their folder")
    return folder


@pytest.fixture(scope="session")
def migrated() -> None:
    """Tables of CKAN and of every plugin are there: `make test` applies all migrations before pytest starts."""
    from ckan import model

    # Without this CKAN drops and makes every table again at the first reset, which costs ten seconds.
    model.repo.tables_created_and_initialised = True


@pytest.fixture
def clean_db(migrated: None, reset_db) -> None:
    """Every table of CKAN and of the plugins is empty."""
    reset_db()


@pytest.fixture
def clean_datastore() -> None:
    """The DataStore holds no table."""
    import sqlalchemy as sa
    from ckanext.datastore.backend.postgres import get_write_engine

    with get_write_engine().begin() as connection:
        names = connection.execute(
            sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        for name in names.all():
            connection.execute(sa.text(f'DROP TABLE "{name}" CASCADE'))


@pytest.fixture
def fresh_site(clean_db, clean_index, clean_datastore, clean_redis, with_plugins) -> None:
    """An empty portal with every plugin of test.ini on."""
