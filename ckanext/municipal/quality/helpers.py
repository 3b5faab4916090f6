"""Template helpers of plugin ``municipal_quality``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import config, language, translated
from ckanext.municipal.portal.written import municipal_number
from ckanext.municipal.quality import answers, page, reading
from ckanext.municipal.quality.freshness import Freshness
from ckanext.municipal.quality.score.fixes import KINDS
from ckanext.municipal.quality.score.metrics import BANDS, Band, Dimension, band

__all__ = [
    "municipal_quality_band",
    "municipal_quality_dimensions",
    "municipal_quality_field",
    "municipal_quality_files",
    "municipal_quality_fix",
    "municipal_quality_fixes",
    "municipal_quality_fresh",
    "municipal_quality_of",
    "municipal_quality_points",
    "municipal_quality_ratio",
    "municipal_quality_states",
    "municipal_quality_title",
    "municipal_quality_url",
]

_ = tk._
_STATES = {
    "late": N_("Late"),
    "broken": N_("With broken links"),
    "refused": N_("Not in the feeds"),
    "unknown": N_("With links not checked yet"),
}
_TENTH = Decimal("0.1")


def municipal_quality_of(dataset: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what is known of a dataset's quality for its page; None where nothing is.

    ``may_edit`` tells whether the reader may mend it.
    """
    try:
        _of, told = reading.dataset({}, dataset["id"], "municipal_quality_show")  # type: ignore[arg-type]
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    return {**told, "may_edit": tk.h.check_access("package_update", {"id": dataset["id"]})}


def municipal_quality_files(reference: str) -> list[dict[str, Any]]:
    """Return what was found in the files of a dataset, or in that of a resource, for the reader."""
    try:
        asked = {"id": reference}
        return tk.get_action("municipal_quality_findings")({}, asked)["files"]
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return []


def municipal_quality_band(of: str | Decimal | int) -> str:
    """Return the name of a band, or of the band of some points, in the reader's language."""
    return _(BANDS[Band(of) if isinstance(of, str) else band(round(of))])


def municipal_quality_points(points: Decimal | int) -> str:
    """Return points as the reader's language writes them, of an average with one decimal."""
    return municipal_number(Decimal(points).quantize(_TENTH, ROUND_HALF_UP))


def municipal_quality_ratio(points: Decimal | int, of: int) -> Decimal:
    """Return points as a ratio of the most there are."""
    return Decimal(points) / of


def municipal_quality_dimensions(points: Mapping[Dimension, Any]) -> dict[str, Any]:
    """Return the points of each dimension with its title and the most there are."""
    return answers.dimensions(points)


def municipal_quality_states() -> list[tuple[str, str]]:
    """Return what a list can be narrowed down to, with its title in the reader's language."""
    return [(name, _(title)) for name, title in _STATES.items()]


def municipal_quality_fixes() -> list[tuple[str, str]]:
    """Return everything that can be wrong, in the reader's language."""
    return [(kind.id, _(kind.message)) for kind in KINDS.values()]


def municipal_quality_fix(name: str) -> str:
    """Return what is wrong by its id, in the reader's language; "" for what is not known any more."""
    return _(KINDS[name].message) if name in KINDS else ""


def municipal_quality_fresh(known: Freshness) -> dict[str, Any]:
    """Return freshness as plain values."""
    return answers.fresh(known)


def municipal_quality_title(texts: Mapping[str, str]) -> str:
    """Return a title in the reader's language."""
    said = {name: text for name, text in texts.items() if name}
    return translated.shown(said, language.current(), config.default_language()) or texts.get(
        "", ""
    )


def municipal_quality_field(name: str, of_resource: bool, dataset_type: str) -> str:
    """Return what the form calls a field, in the reader's language; "" for one that it does not show."""
    return page.field_label(name, of_resource, dataset_type)


def municipal_quality_url(asked: Mapping[str, str], view: str = "index", **changes: Any) -> str:
    """Return the address of a view of the list with some of its parameters changed; None leaves one out."""
    told = {name: value for name, value in {**asked, **changes}.items() if value not in (None, "")}
    return tk.h.url_for(f"municipal_quality.{view}", **told)
