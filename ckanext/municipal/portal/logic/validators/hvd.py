"""High-value datasets: Implementing Regulation (EU) 2023/138 and DCAT-AP HVD 3.0.0."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.municipal.portal.logic.validators.fields import (
    Errors,
    Flat,
    Key,
    is_blank,
    lines,
    texts,
)

__all__ = ["municipal_hvd"]

REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"


def municipal_hvd(_key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
    """Check what the regulation asks of a high-value dataset; runs before the fields' validators.

    A dataset is one when ``hvd`` says so, or when a category or the regulation is given and ``hvd``
    says nothing. The regulation is then added to its legislation; a category and a licence must be
    there. ``hvd`` said to be false with a category or the regulation is a contradiction.
    """
    said = data.get(("hvd",))
    categories = texts(data.get(("hvd_category",)))
    laws = lines(data.get(("applicable_legislation",)))
    named = bool(categories) or REGULATION in laws
    try:
        is_hvd = named if is_blank(said) else tk.asbool(said)
    except ValueError:
        errors.setdefault(("hvd",), []).append(tk._("Say true or false."))
        return
    data[("hvd",)] = "true" if is_hvd else "false"
    if not is_hvd:
        _contradiction(categories, laws, errors)
        return
    if REGULATION not in laws:
        data[("applicable_legislation",)] = [*laws, REGULATION]
    if not categories:
        message = tk._("A high-value dataset needs a category: choose the most detailed that fits.")
        errors.setdefault(("hvd_category",), []).append(message)
    if is_blank(data.get(("license_id",))):
        message = tk._(
            "A high-value dataset needs a licence: choose CC BY 4.0, CC0 or a freer one."
        )
        errors.setdefault(("license_id",), []).append(message)


def _contradiction(categories: list[str], laws: list[str], errors: Errors) -> None:
    if categories:
        message = tk._("The dataset is said not to be of high value: remove the category.")
        errors.setdefault(("hvd_category",), []).append(message)
    if REGULATION in laws:
        message = tk._("The dataset is said not to be of high value: remove this regulation.")
        errors.setdefault(("applicable_legislation",), []).append(message)
