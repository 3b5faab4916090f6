"""Where everything of one checkout lies, and what the sites on its services are called."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dev.errors import Stop

RELEASES = {"2.11": "2.11.6", "2.12": "2.12.0"}
"""CKAN lines the suite runs on, and the release of each that is installed and tested."""

DEFAULT_LINE = "2.11"

LANES = 2
"""Processes that share the tests out among them, each with a site of its own."""


@dataclass(frozen=True)
class Site:
    """One CKAN site on the shared services: the portal itself, or the tests of one CKAN line."""

    name: str
    database: str
    datastore: str
    core: str
    redis_number: int
    ini: Path
    storage: Path


@dataclass(frozen=True)
class Layout:
    """Paths of a checkout; `var` holds all that is made, and may lie anywhere."""

    root: Path
    var: Path
    line: str = DEFAULT_LINE

    @classmethod
    def of_environment(cls) -> Layout:
        """Return the layout of this checkout for `VAR` and `CKAN` of the environment.

        Raises `Stop` for a CKAN line that the suite does not run on.
        """
        root = Path(__file__).resolve().parent.parent
        line = os.environ.get("CKAN") or DEFAULT_LINE
        if line not in RELEASES:
            raise Stop(f"CKAN={line} is not supported: say one of {', '.join(RELEASES)}.")
        var = Path(os.environ.get("VAR") or "var").expanduser()
        return cls(root=root, var=(root / var).resolve(), line=line)

    @property
    def release(self) -> str:
        """The CKAN release that belongs to the line."""
        return RELEASES[self.line]

    @property
    def venv(self) -> Path:
        """The virtual environment; every line but the default has one of its own."""
        return self.root / (".venv" if self.line == DEFAULT_LINE else f".venv-{self.line}")

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def packages(self) -> Path:
        """The folder of the installed packages, once the environment is made."""
        return next(self.venv.glob("lib/python3.*/site-packages"))

    @property
    def constraints(self) -> Path:
        """The exact versions that a green run had."""
        return self.root / f"constraints-{self.line}.txt"

    @property
    def run(self) -> Path:
        """Process records of what was started."""
        return self.var / "run"

    @property
    def log(self) -> Path:
        """One log file a process."""
        return self.var / "log"

    @property
    def portal(self) -> Site:
        """The portal: what `make up` serves."""
        return self._site("portal", "", first_redis=0)

    @property
    def tests(self) -> Site:
        """The site that tests empty as they like: the first lane's, and the one of all that runs alone."""
        return self.lanes[0]

    @property
    def lanes(self) -> list[Site]:
        """The sites of the processes that `make test` shares the tests out to."""
        return [
            self._site("test", "_test", first_redis=len(RELEASES) * (1 + lane), lane=lane)
            for lane in range(LANES)
        ]

    def _site(self, kind: str, suffix: str, first_redis: int, lane: int = 0) -> Site:
        name = f"{kind}-{self.line}" + (f"-{lane}" if lane else "")
        tail = f"{suffix}_{name.partition('-')[2].replace('.', '_').replace('-', '_')}"
        return Site(
            name=name,
            database=f"ckan{tail}",
            datastore=f"datastore{tail}",
            core=name,
            redis_number=first_redis + list(RELEASES).index(self.line),
            ini=self.var / f"{name}.ini",
            storage=self.var / "storage" / name,
        )
