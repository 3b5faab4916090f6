"""What every test may ask for: the real files, a clean site, the number of generated examples."""

from __future__ import annotations

import copy
import functools
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "municipal",
    max_examples=int(os.environ.get("MUNICIPAL_EXAMPLES", "2000")),
    deadline=None,
    # The same examples in every ordinary run; the long one, which names their number, looks for new ones.
    derandomize="MUNICIPAL_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("municipal")


def pytest_configure(config: pytest.Config) -> None:
    """Give each process that `make test` shares the tests out to the settings of its own site."""
    lane = getattr(config, "workerinput", {}).get("workerid", "gw0").removeprefix("gw")
    ini = Path(config.option.ckan_ini).resolve()
    if lane != "0":
        ini = ini.with_stem(f"{ini.stem}-{lane}")
    # Programs that tests start find the same site by it.
    config.option.ckan_ini = os.environ["CKAN_INI"] = str(ini)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real exports, which is not part of the project; without it the test is skipped."""
    folder = Path(os.environ.get("MUNICIPAL_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"no real files at {folder}: set MUNICIPAL_SHARED to their folder")
    return folder


@pytest.fixture(scope="session", autouse=True)
def plugins_load_fast() -> None:
    """What CKAN reads anew whenever it loads its plugins, which it does for most tests, is read once.

    That is YAML of ckanext-scheming and entry points of all packages: 0.8 of the second that it takes.
    """
    from ckan.plugins import core
    from ckanext.scheming import loader

    parse: Callable[[Any], Any] = loader.load
    parsed: dict[tuple[str, int], Any] = {}

    def load(file: Any) -> Any:
        key = file.name, os.fstat(file.fileno()).st_mtime_ns
        if key not in parsed:
            parsed[key] = parse(file)
        return copy.deepcopy(parsed[key])

    loader.load = load
    core.entry_points = functools.cache(core.entry_points)


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
            # Names that begin with _ are the DataStore's own: CKAN 2.12 keeps its row counts in one.
            verb = "TRUNCATE" if name.startswith("_") else "DROP TABLE"
            connection.execute(sa.text(f'{verb} "{name}" CASCADE'))


@pytest.fixture
def fresh_site(clean_db, clean_index, clean_datastore, clean_redis, with_plugins) -> None:
    """An empty portal with every plugin of test.ini on."""


class Browser:
    """A signed-in person's browser: it keeps its cookies, and sends the form token of the last page."""

    def __init__(self, app: Any, name: str, password: str) -> None:
        self.client = app.test_client()
        self.post("/user/login", {"login": name, "password": password})

    def get(self, url: str, **options: Any) -> Any:
        """Return the page, redirects followed."""
        return self.client.get(url, **options)

    def post(self, url: str, data: dict[str, Any] | None = None, *, token: bool = True) -> Any:
        """Send a form as the page itself would, or without its token, and return the page that follows."""
        form = dict(data or {})
        if token:
            page = self.client.get("/user/login").get_data(as_text=True)
            form["_csrf_token"] = re.findall(r'name="_csrf_token" content="([^"]+)"', page)[0]
        return self.client.post(url, data=form)


@pytest.fixture
def browse(app) -> Callable[[dict[str, Any]], Browser]:
    """Sign somebody in: `browse(factories.Sysadmin(password="correct123"))`, the password being that one by default."""

    def sign_in(user: dict[str, Any], password: str = "correct123") -> Browser:
        return Browser(app, user["name"], password)

    return sign_in


@pytest.fixture
def browser_tools() -> tuple[str, str]:
    """Chromium's program and the text of axe-core; named first, nothing else is made ready without them."""
    from chromium import axe_core, program

    return program(), axe_core()
