"""Serve the demonstration city's Improve My City on loopback, until it is stopped."""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from dev.demo.improve_my_city.city import DemonstrationCity
from dev.demo.improve_my_city.speaking import ImproveMyCityV3
from dev.demo.web import Asked, Said, server

STEP_SECONDS = 60.0


class Living:
    """The API of a city in which time goes on: every minute, what is due has happened."""

    def __init__(
        self, city: DemonstrationCity, key: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._city, self._clock = city, clock
        self._at = clock()
        self._app = ImproveMyCityV3(city.site(self._at), key, clock=clock)
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Said:
        """Answer a request from what the city knows by now."""
        with self._lock:
            if self._clock() - self._at >= STEP_SECONDS:
                self._at = self._clock()
                self._app.site = self._city.site(self._at)
        return self._app(asked)


def main() -> None:
    """Read the command line, and serve."""
    parser = argparse.ArgumentParser(prog="python -m dev.demo.improve_my_city", description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--key-file", type=Path, required=True, help="holds the REST/API key")
    parser.add_argument(
        "--since", type=date.fromisoformat, required=True, help="the day of the first request"
    )
    told = parser.parse_args()
    key = told.key_file.read_text(encoding="utf-8").strip()
    server(Living(DemonstrationCity(told.since), key), told.port).serve_forever()


if __name__ == "__main__":
    main()
