"""What a person sees while the launcher works: one line a step, with its time."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print `title` now and its seconds when the block is done."""
    started = time.monotonic()
    live = sys.stdout.isatty()
    if live:
        print(f"  {title} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(f"\r✗ {title}" if live else f"✗ {title}", flush=True)
        raise
    line = f"✓ {title:<52} {time.monotonic() - started:6.1f} s"
    print(f"\r{line}" if live else line, flush=True)
