"""The filters beside search results, in the order in which people ask for them."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from ckan.plugins import toolkit as tk


def offered(facets: Any) -> OrderedDict[str, str]:
    """Return facet fields with their headings; those of other plugins follow ours."""
    ours = OrderedDict(
        groups=tk._("Themes"),
        organization=tk._("Departments"),
        res_format=tk._("Formats"),
        vocab_frequency=tk._("Updated"),
        vocab_hvd_category=tk._("High-value data"),
        vocab_licence=tk._("Licences"),
        tags=tk._("Keywords"),
    )
    # Ours say the same with labels: the licence of a file counts, not only that of the dataset.
    others = {field: title for field, title in facets.items() if field != "license_id"}
    return OrderedDict([*ours.items(), *((f, t) for f, t in others.items() if f not in ours)])
