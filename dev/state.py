"""What the launcher remembers between runs: ports, passwords and what is already done."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev.errors import Stop


def write_private(path: Path, text: str) -> None:
    """Write `text` so that a reader sees the old file or the new one, and only the owner sees either."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


class State:
    """A small JSON file of mode 600, written whole at every change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, section: str, key: str) -> Any:
        """Return the value kept under `section` and `key`, or None.

        Raises `Stop` where the file is not JSON any more.
        """
        return self._read().get(section, {}).get(key)

    def put(self, section: str, key: str, value: Any) -> None:
        """Keep `value` under `section` and `key`; None forgets it."""
        content = self._read()
        kept = content.setdefault(section, {})
        kept[key] = value
        if value is None:
            del kept[key]
        write_private(self.path, json.dumps(content, indent=1, sort_keys=True) + "\n")

    def secret(self, name: str) -> str:
        """Return the password of that name, made at the first call: 32 URL-safe random bytes."""
        known = self.get("secrets", name)
        if known is None:
            known = secrets.token_urlsafe(32)
            self.put("secrets", name, known)
        return known

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            return json.loads(self.path.read_text())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise Stop(f"{self.path} is damaged: run `make clean` and start again.") from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the checkout's lock, so that two launchers never work on the same folder at once.

    The kernel lets go of it when the process ends, however it ends. Raises `Stop` when another has it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(
                f"Another make command is at work on {path.parent}: wait for it, or stop it first."
            ) from None
        yield
