"""The web application as the web server loads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST_READERS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from werkzeug.test import Client

from dev.wsgi import application

sys.setswitchinterval(0.001)
together = Barrier(20)


def read(_):
    together.wait()
    return Client(application).get("/budget").status_code


with ThreadPoolExecutor(20) as readers:
    print(set(readers.map(read, range(20))))
"""


def test_the_first_readers_may_come_all_at_once(fresh_site):
    """CKAN gathers actions and permissions at their first use, and threads would meet them half gathered."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_READERS],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == ["{200}"], done.stdout + done.stderr
