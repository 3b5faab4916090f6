"""What must be on the machine before anything else: programs and libraries, by apt when they are missing."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

from dev import postgres
from dev.errors import Stop
from dev.layout import Layout


def _has_postgres() -> bool:
    try:
        postgres.program("initdb")
    except Stop:
        return False
    return True


def _has_python_headers() -> bool:
    return Path(sysconfig.get_paths()["include"], "Python.h").exists()


TO_RUN: dict[str, Callable[[], bool]] = {
    "postgresql": _has_postgres,
    "redis-server": lambda: bool(shutil.which("redis-server")),
    "default-jdk-headless": lambda: bool(shutil.which("java") and shutil.which("javac")),
    "maven": lambda: bool(shutil.which("mvn")),
    "libmagic1": lambda: bool(ctypes.util.find_library("magic")),
}
"""Debian's name of a package, and how to see that what it brings is there."""

TO_INSTALL: dict[str, Callable[[], bool]] = {
    "python3-venv": lambda: bool(importlib.util.find_spec("ensurepip")),
    "build-essential": lambda: bool(shutil.which("gcc")),
    "libpq-dev": lambda: bool(shutil.which("pg_config")),
    "python3-dev": _has_python_headers,
}
"""Packages that only the making of the virtual environment needs."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TO_TEST: dict[str, Callable[[], bool]] = {
    "chromium": lambda: any(map(shutil.which, BROWSERS)),
    "npm": lambda: bool(shutil.which("npm")),
}
"""Packages that only some tests need, which are skipped without them: pages in a browser, clients of npm."""


def missing(*, with_build_tools: bool) -> list[str]:
    """Return the names of the packages that this machine lacks."""
    return _lacking(TO_RUN | TO_INSTALL if with_build_tools else TO_RUN)


def missing_for_tests() -> list[str]:
    """Return the names of the packages without which tests would be skipped."""
    return _lacking(TO_TEST)


def _lacking(wanted: dict[str, Callable[[], bool]]) -> list[str]:
    return [name for name, is_there in wanted.items() if not is_there()]


def install(layout: Layout, names: list[str]) -> None:
    """Install those packages.

    Raises `Stop` without apt, without the right to use it, or without a network.
    """
    wanted = f"apt-get install -y {' '.join(names)}"
    if not shutil.which("apt-get"):
        raise Stop(f"This machine has no apt-get: install what Debian calls {', '.join(names)}.")
    if os.geteuid() != 0 and not shutil.which("sudo"):
        raise Stop(f"Programs are missing and there is no sudo: let root run `{wanted}`.")
    log = layout.log / "apt.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    begin = [] if os.geteuid() == 0 else ["sudo"]
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    with log.open("ab") as out:
        for words in (
            # An installation cut short before is brought to its end first.
            ["dpkg", "--configure", "-a"],
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", *names],
        ):
            done = subprocess.run(
                [*begin, *quiet, *words], stdout=out, stderr=subprocess.STDOUT, check=False
            )
            if done.returncode:
                raise Stop(f"`{wanted}` failed: check the network, run it by hand, read {log}.")
