"""The private PostgreSQL server of a checkout: loopback only, passwords only, its own user when started by root."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from dev import ports, processes
from dev.errors import Stop
from dev.layout import Layout
from dev.processes import Process
from dev.state import State

SUPERUSER = "postgres"
SERVER_USER = "postgres"
"""The system user that Debian's package makes; PostgreSQL refuses to run as root."""

SETTINGS = """
listen_addresses = '127.0.0.1'
# A socket's path may not be longer than 107 bytes, which a checkout's path easily is: loopback serves everybody.
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 200
shared_buffers = '128MB'
log_line_prefix = '%m [%p] %d '
timezone = 'UTC'
"""
ACCESS = """\
host all all 127.0.0.1/32 scram-sha-256
"""


class Postgres:
    """The server of one checkout."""

    def __init__(self, layout: Layout, state: State) -> None:
        self.layout = layout
        self.state = state
        self.user = SERVER_USER if os.geteuid() == 0 else None
        self.home = self._home()
        self.record = layout.run / "postgres.json"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return ports.port(self.state, "postgres")

    def ensure(self) -> None:
        """Make the cluster if there is none and start it if it does not run.

        Raises `Stop` when the programs are missing or the server does not come up.
        """
        if not (self.home / "PG_VERSION").exists():
            self._initialise()
        if not processes.running(self.record):
            ports.still_ours(self.state, "postgres")
            processes.start(self._process())
        processes.wait_until(self.answers, self._process(), seconds=60)

    def answers(self) -> bool:
        """Say whether the server takes commands."""
        return self._psql("SELECT 1", "postgres").returncode == 0

    def sql(self, statements: str, database: str = "postgres") -> str:
        """Run SQL as the superuser and return what it printed, a row a line.

        Raises `Stop` with the server's own words when a statement fails.
        """
        done = self._psql(statements, database)
        if done.returncode:
            raise Stop(f"PostgreSQL refused a statement: {done.stderr.strip()}")
        return done.stdout.strip()

    def durable(self, wanted: bool) -> None:
        """Write through to the disk (a portal's data) or not (tests, whose data nobody misses)."""
        if self.sql("SHOW fsync") != ("on" if wanted else "off"):
            self.sql(f"ALTER SYSTEM SET fsync = {'on' if wanted else 'off'}")
            self.sql("SELECT pg_reload_conf()")
            os.sync()

    def stop(self) -> bool:
        """Stop the server, ending its connections; say whether it ran."""
        return processes.stop(self.record, how=signal.SIGINT)

    def remove(self) -> None:
        """Remove the cluster, wherever it lies."""
        shutil.rmtree(self.home, ignore_errors=True)

    def url(self, user: str, database: str) -> str:
        """Return the address that SQLAlchemy takes."""
        return f"postgresql://{user}:{self.state.secret(user)}@127.0.0.1:{self.port}/{database}"

    def _process(self) -> Process:
        return Process(
            name="PostgreSQL",
            command=[*self._as_user(), program("postgres"), "-D", self.home, "-p", str(self.port)],
            record=self.record,
            log=self.layout.log / "postgres.log",
            cwd=Path("/"),
        )

    def _home(self) -> Path:
        inside = self.layout.var / "postgres"
        if self.user is None or _can_enter(self.user, self.layout.var):
            return inside
        # A checkout below /root or in a private temporary folder cannot be entered by the server's user.
        digest = hashlib.sha256(str(self.layout.var).encode()).hexdigest()[:12]
        return Path("/var/lib/ckanext-municipal") / digest / "postgres"

    def _initialise(self) -> None:
        initdb = program("initdb")
        fresh = self.home.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        if fresh.parent != self.layout.var:
            for folder in (fresh.parent, fresh.parent.parent):
                folder.chmod(0o711)
        with tempfile.NamedTemporaryFile("w", prefix="municipal-") as password:
            password.write(self.state.secret(SUPERUSER))
            password.flush()
            if self.user:
                shutil.chown(fresh, self.user)
                shutil.chown(password.name, self.user)
            done = subprocess.run(
                [
                    *self._as_user(),
                    *(initdb, "-D", fresh, "-U", SUPERUSER, f"--pwfile={password.name}"),
                    *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
                ],
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise Stop(f"PostgreSQL could not make its data folder: {done.stderr.strip()}")
        with (fresh / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        (fresh / "pg_hba.conf").write_text(ACCESS)
        fresh.rename(self.home)

    def _as_user(self) -> list[str]:
        if self.user is None:
            return []
        return ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"]

    def _psql(self, statements: str, database: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                *(program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"),
                *("-h", "127.0.0.1", "-p", str(self.port), "-U", SUPERUSER, "-d", database),
            ],
            input=statements,
            env={**os.environ, "PGPASSWORD": self.state.secret(SUPERUSER)},
            capture_output=True,
            text=True,
            check=False,
        )


def program(name: str) -> str:
    """Return the path of a PostgreSQL program, of the newest version where Debian keeps several.

    Raises `Stop` when it is not installed.
    """
    kept = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4])
    )
    found = str(kept[-1]) if kept else shutil.which(name)
    if not found:
        raise Stop("PostgreSQL is not installed: run `apt-get install postgresql` as root.")
    return found


def _can_enter(user: str, folder: Path) -> bool:
    """Say whether `user` may enter every folder on the way to `folder`; those not there yet will be made open."""
    account = pwd.getpwnam(user)
    groups = set(os.getgrouplist(user, account.pw_gid))
    for step in [*reversed(folder.parents), folder]:
        if not step.exists():
            return True
        entry = step.stat()
        bit = (
            0o100 if entry.st_uid == account.pw_uid else 0o010 if entry.st_gid in groups else 0o001
        )
        if not entry.st_mode & bit:
            return False
    return True
