"""The one way the launcher gives up."""

from __future__ import annotations


class Stop(Exception):
    """Nothing more can be done; the text is one sentence that says what the person should do."""
