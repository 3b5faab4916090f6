"""The harvest source of the demonstration city's requests. Standard library alone: `make up` reads it too."""

from __future__ import annotations

from pathlib import Path

NAME = "demo-city-requests"
"""Of the source, and of the secret that it names."""

PATH = Path(__file__).parent / "sources" / f"{NAME}.yaml"
_ADDRESS = "http://127.0.0.1:8090/"


def text(address: str = _ADDRESS) -> str:
    """Return the YAML of the source, with the address at which its server answers."""
    return PATH.read_text(encoding="utf-8").replace(_ADDRESS, address)
