"""A made-up city of 100,000 requests in eight years, served as Improve My City v3 by its own process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from dev.demo.improve_my_city.city import DemonstrationCity
from dev.demo.improve_my_city.speaking import ImproveMyCityV3
from dev.demo.web import server

KEY = "of-no-worth-at-all"
FIRST = date(2018, 1, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
IN_A_YEAR = 12_700


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """Serve the city on loopback; gives the port, and how many of its requests are public."""
    command = [sys.executable, "-m", "bench.issues_city"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            port, count = process.stdout.readline().split()
            yield int(port), int(count)
        finally:
            process.terminate()


def main() -> None:
    """Make the city, tell where it is served, and serve it until the end."""
    site = DemonstrationCity(FIRST, IN_A_YEAR).site(NOW.timestamp())
    listener = server(ImproveMyCityV3(site, KEY))
    public = sum(issue.state == 1 for issue in site.issues.values())
    print(listener.server_port, public, flush=True)
    listener.serve_forever()


if __name__ == "__main__":
    main()
