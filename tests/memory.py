"""How much memory this process takes on while something is done, in MB, from the kernel's own count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_SELF = Path("/proc/self")


class Growth:
    """What was taken on beyond the memory at the start; known when the block has ended."""

    mb = 0


@contextmanager
def growth() -> Iterator[Growth]:
    """Measure the highest resident memory inside the block over that before it."""
    try:
        (_SELF / "clear_refs").write_text("5")  # the peak so far is forgotten
    except OSError:
        pytest.skip("this system does not tell a process's peak memory anew")
    before, found = _peak_mb(), Growth()
    yield found
    found.mb = _peak_mb() - before


def _peak_mb() -> int:
    status = (_SELF / "status").read_text()
    return int(re.findall(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[0]) // 1024
