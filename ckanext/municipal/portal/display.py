"""Datasets on a web page: the few texts that CKAN's templates do not take from the translations.

Titles and descriptions need nothing: CKAN's helpers read ``title_translated`` themselves. The answers
of the API are untouched, and so the same for every reader.
"""

from __future__ import annotations

from typing import Any

from ckanext.municipal.portal import config, language, model, vocabularies


def shown(dataset: dict[str, Any]) -> dict[str, Any]:
    """Return a dataset with the names of its licence, department and themes in the reader's language."""
    reader = language.current()
    licences = vocabularies.load("licence", config.vocabularies_folder())
    licence = licences.find(dataset.get("license_id") or "")
    if licence:
        dataset["license_title"] = licence.label(reader)
    owners = [dataset.get("organization"), *(dataset.get("groups") or ())]
    named = [owner for owner in owners if owner and owner.get("name")]
    titles = model.group_titles(owner["name"] for owner in named)
    for owner in named:
        title = language.pick(titles.get(owner["name"], {}), reader)
        if title:
            owner["title"] = owner["display_name"] = title
    return dataset
