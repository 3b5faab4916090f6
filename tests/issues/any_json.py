"""Any JSON value, a few levels deep, for what stands where something else is expected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_SHORT = st.text(max_size=8)


def any_json(*odd: str, names: Iterable[str] = ()) -> SearchStrategy[Any]:
    """Scalars, ``odd`` texts among them, lists and mappings two levels deep; keys are ``names``, or any.

    The levels are spelled out: Hypothesis takes twice the time to make values of `st.recursive`.
    """
    keys = st.sampled_from(list(names)) if names else _SHORT
    scalar = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    scalar |= st.sampled_from(["", "9" * 400, "1e999", *odd])

    def around(inner: SearchStrategy[Any]) -> SearchStrategy[Any]:
        mappings = st.dictionaries(keys, inner, max_size=4)
        return scalar | st.lists(inner, max_size=4) | mappings

    return around(around(scalar))
