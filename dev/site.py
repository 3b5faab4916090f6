"""A CKAN site on the shared services: its databases, its Solr core, its settings, its tables.

The portal and the tests are made by this same code; they differ in names and in the settings they begin from.
"""

from __future__ import annotations

import configparser
import hashlib
import subprocess
from pathlib import Path

from dev import processes
from dev.errors import Stop
from dev.layout import Layout, Site
from dev.postgres import Postgres
from dev.redis import Redis
from dev.solr import Solr
from dev.state import State, write_private
from dev.steps import step

OWNER = "ckan"
READER = "datastore_reader"
"""The role through which the DataStore answers the public: it can only read."""


class Machine:
    """The three services of a checkout, and what a site needs of them."""

    def __init__(self, layout: Layout, state: State) -> None:
        self.layout = layout
        self.state = state
        self.postgres = Postgres(layout, state)
        self.redis = Redis(layout, state)
        self.solr = Solr(layout, state)

    @property
    def services(self) -> dict[str, Postgres | Redis | Solr]:
        """The three by name, in the order in which they are started."""
        return {"PostgreSQL": self.postgres, "Redis": self.redis, "Solr": self.solr}

    def all_run(self) -> bool:
        """Say whether none of the three has ended."""
        return not self.idle()

    def idle(self) -> list[Postgres | Redis | Solr]:
        """Return those of the three that do not run, in the order in which they are started."""
        return [one for one in self.services.values() if not processes.running(one.record)]

    def ensure(self, *sites: Site) -> None:
        """Start those of the three that do not run for these sites, each a step the person sees.

        Raises `Stop` when one does not come up.
        """
        with step("PostgreSQL"):
            self.postgres.ensure()
        with step("Redis"):
            self.redis.ensure()
        if not self.solr.jars.exists():
            with step("Solr, from Maven Central"):
                self.solr.download()
        with step("Solr"):
            for site in sites:
                self.solr.ensure(site.core)

    def addresses(self, site: Site) -> dict[str, str]:
        """Return the options of ckan.ini that say where a site's services are."""
        return {
            "sqlalchemy.url": self.postgres.url(OWNER, site.database),
            "ckan.datastore.write_url": self.postgres.url(OWNER, site.datastore),
            "ckan.datastore.read_url": self.postgres.url(READER, site.datastore),
            "solr_url": self.solr.url(site.core),
            "ckan.redis.url": self.redis.url(site.redis_number),
            "ckan.storage_path": str(site.storage),
        }

    def make_databases(self, site: Site) -> None:
        """Make the roles and the two databases of a site where they are missing."""
        for role in (OWNER, READER):
            password = self.state.secret(role)
            if not self.postgres.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):
                self.postgres.sql(f"CREATE ROLE {role} LOGIN")
            self.postgres.sql(f"ALTER ROLE {role} PASSWORD '{password}'")
        for database in (site.database, site.datastore):
            if not self.postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):
                self.state.put("migrated", site.name, None)
                self.postgres.sql(f"CREATE DATABASE {database} OWNER {OWNER} TEMPLATE template0")
            self.postgres.sql(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")

    def migrate(self, site: Site) -> None:
        """Bring the tables of CKAN and of every plugin up to date, and the DataStore's permissions.

        Nothing is started when neither CKAN, nor a migration, nor the list of plugins changed since the last time.
        """
        wanted = self._migrations(site)
        if self.state.get("migrated", site.name) == wanted:
            return
        self.ckan(site, "db", "upgrade")
        permissions = self.ckan(site, "datastore", "set-permissions")
        # The script begins by connecting to the DataStore's database, which is where it is run.
        lines = [line for line in permissions.splitlines() if not line.startswith("\\connect")]
        self.postgres.sql("\n".join(lines), site.datastore)
        self.state.put("migrated", site.name, wanted)

    def ckan(self, site: Site, *words: str, accept: tuple[int, ...] = (0,)) -> str:
        """Run CKAN's command line on a site and return what it printed.

        Raises `Stop` naming its log when it ends with a code that is not in `accept`.
        """
        log = self.layout.log / "ckan.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as complaints:
            done = subprocess.run(
                [self.layout.venv / "bin" / "ckan", "-c", site.ini, *words],
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                env={**processes.environment(), "PYTHONUNBUFFERED": "1"},
                cwd=self.layout.root,
                check=False,
            )
        if done.returncode not in accept:
            raise Stop(f"`ckan {' '.join(words)}` failed: read the end of {log}.")
        return done.stdout

    def _migrations(self, site: Site) -> str:
        digest = hashlib.sha256(self.layout.release.encode())
        settings = configparser.RawConfigParser()
        settings.read(site.ini)
        digest.update(settings.get("app:main", "ckan.plugins").encode())
        ours = self.layout.root / "ckanext" / "municipal"
        theirs = self.layout.packages / "ckanext"
        for room in (ours, theirs):
            for path in sorted(room.glob("**/migration/**/versions/*.py")):
                digest.update(str(path).encode() + path.read_bytes())
        return digest.hexdigest()


def option_of(base: str, name: str) -> str:
    """Return what a CKAN settings file says of an option in its `[app:main]`, "" if nothing."""
    settings = configparser.RawConfigParser()
    settings.read_string(base)
    return settings.get("app:main", name, fallback="")


def write_ini(path: Path, base: str, options: dict[str, str]) -> None:
    """Write a CKAN settings file: `base` (whole, with its logging), and `options` into its `[app:main]`.

    An option that `base` sets is set to the new value; `%` is doubled, as the file's format asks.
    """
    kept = [line for line in base.splitlines() if line.partition("=")[0].strip() not in options]
    head = kept.index("[app:main]") + 1
    lines = [f"{name} = {value.replace('%', '%%')}" for name, value in options.items()]
    write_private(path, "\n".join([*kept[:head], *lines, *kept[head:]]) + "\n")
