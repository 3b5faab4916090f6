"""What is kept, read for whoever asks: one dataset with the asker's own rights, lists for everybody."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.municipal.quality import answers, keeping, listing, rdf
from ckanext.municipal.quality.dqv import Measured
from ckanext.municipal.quality.freshness import latest
from ckanext.municipal.quality.listing import Line
from ckanext.municipal.quality.model import overview, scores
from ckanext.municipal.quality.model.connection import connection
from ckanext.municipal.quality.score.readings import Tally

_ = tk._


def dataset(context: Context, reference: str, action: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a dataset (``id``, ``name``) and all that is known of its quality.

    Raises NotAuthorized and NotFound as ``package_show`` does, and NotFound for one that is not
    scored: private, a draft, of a type that is not in the feeds, or saved a moment ago.
    """
    shown = visible(context, reference, action)
    with connection() as ours, ours.begin():
        row = _row(ours, shown["id"])
        return shown, answers.told(row, keeping.of_row(ours, row))


def _row(ours: Any, dataset_id: str) -> dict[str, Any]:
    row = scores.row(ours, dataset_id)
    if row is None:
        raise tk.ObjectNotFound(
            _(
                "The quality of this dataset is not measured: it is not public, or was saved just now."
            )
        )
    return row


def measured(context: Context, reference: str) -> Measured:
    """Return what is measured of a dataset, for its graph. Raises as `dataset` does."""
    shown = visible(context, reference, "municipal_quality_show")
    with connection() as ours, ours.begin():
        row = _row(ours, shown["id"])
        kept = keeping.of_row(ours, row)
    checked = [known.checked for known in kept.links.values()]
    newest = latest([row["changed"], *checked])
    assert newest
    return Measured(row["uri"], rdf.address(shown["id"]), rdf.metric(), kept, newest)


def visible(context: Context, reference: str, action: str) -> dict[str, Any]:
    """Return id, name and type of a dataset that the reader of ``context`` may see.

    Raises NotFound and NotAuthorized.
    """
    package: Any = model.Package.get(reference)
    if package is None:
        raise tk.ObjectNotFound(_("There is no such dataset here."))
    tk.check_access(action, tk.fresh_context(context), {"id": reference})
    return {"id": package.id, "name": package.name, "type": package.type}


def is_department(name: str) -> bool:
    """Return whether there is a department of a name."""
    with connection() as ours, ours.begin():
        return overview.is_department(ours, name)


def lines(department: str | None = None) -> list[Line]:
    """Return every public dataset that is scored, or those of a department, by its name."""
    with connection() as ours, ours.begin():
        rows = overview.rows(ours, department)
    return [listing.line(row, answers.fresh_of(row)) for row in rows]


def tally(department: str | None = None) -> Tally:
    """Return how many datasets and distributions meet each metric."""
    with connection() as ours, ours.begin():
        return Tally(*overview.met(ours, department))


def course(department: str | None = None) -> list[Any]:
    """Return day, number of datasets and average score for each day on which a score changed."""
    with connection() as ours, ours.begin():
        return overview.course(ours, department)


def course_of(dataset_id: str) -> list[Any]:
    """Return day and score for each day on which a dataset's score changed."""
    with connection() as ours, ours.begin():
        return scores.course(ours, dataset_id)
