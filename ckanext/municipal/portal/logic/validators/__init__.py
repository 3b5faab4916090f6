"""Validators of the portal's fields, by subject; each says what is wrong and how to put it right.

``get_validators`` is what the plugin registers. Those marked with ``scheming_field`` get the field of
the schema first, and so can be told in YAML what to do (``vocabulary: frequency``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckanext.municipal.portal import slugs
from ckanext.municipal.portal.logic.validators import (
    concepts,
    dates,
    hvd,
    identifiers,
    spatial,
    translated,
    values,
    web,
)

MODULES = (concepts, dates, hvd, identifiers, slugs, spatial, translated, values, web)


def get_validators() -> dict[str, Callable[..., Any]]:
    """Return every validator by name."""
    return {name: getattr(module, name) for module in MODULES for name in module.__all__}
