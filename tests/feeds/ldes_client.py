"""The program ldes-client of npm, which follows event streams: what it reads of one, in its order."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

VERSION = "0.3.0"
SECONDS = 120


def program() -> list[str]:
    """Return the words that start it; without Node.js, or the network the first time, the test is skipped.

    npm keeps it in its cache, so that only the first run loads it.
    """
    if named := os.environ.get("LDES_CLIENT"):
        return [named]
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("no npm on this machine: install Node.js, or name the program in LDES_CLIENT")
    words = [npm, "exec", "--yes", "--prefer-offline", f"--package=ldes-client@{VERSION}", "--"]
    words.append("ldes-client")
    try:
        tried = subprocess.run(
            [*words, "--help"], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm did not load ldes-client in two minutes: is there a network?")
    if tried.returncode:
        pytest.skip(f"npm has no ldes-client: {tried.stderr.strip().splitlines()[-1:]}")
    return words


def read(words: list[str], url: str, state: Path) -> str:
    """Return the quads of what is new on a feed since the last time, in the order of the changes.

    ``state`` is the folder that it keeps what it knows in.
    """
    options = ["--no-shape", "--ordered", "ascending", "--save", str(state)]
    done = subprocess.run(
        [*words, url, *options], capture_output=True, text=True, timeout=SECONDS, check=True
    )
    return done.stdout
