"""Checks of the files that describe the city, and of the search index against the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import city, config, gazetteer, themes, vocabularies
from ckanext.municipal.portal.doctor import check
from ckanext.municipal.portal.query import TITLE_FIELD
from ckanext.municipal.quality.findings import Finding, Rule, Severity

FILE = Rule(
    "doctor-file",
    Severity.ERROR,
    N_("A file that describes the city cannot be used: {reason}"),
    N_("Correct the file and restart the portal."),
)
STORAGE = Rule(
    "doctor-storage",
    Severity.ERROR,
    N_("Uploaded files cannot be kept: {path} is missing or may not be written."),
    N_("Set ckan.storage_path to a folder that belongs to the web server's user."),
)
INDEX_OLD = Rule(
    "doctor-index-old",
    Severity.WARNING,
    N_("{count} datasets were indexed without Greek search."),
    N_("Run: ckan search-index rebuild"),
)
INDEX_INCOMPLETE = Rule(
    "doctor-index-incomplete",
    Severity.WARNING,
    N_("The search index holds {indexed} of {count} datasets."),
    N_("Run: ckan search-index rebuild"),
)
_ERRORS = (
    city.CityError,
    gazetteer.GazetteerError,
    themes.ThemesError,
    vocabularies.VocabularyError,
)


@check("files", N_("Files that describe the city"))
def files() -> Iterator[Finding]:
    """Look at city.yaml, the gazetteer, the themes and every vocabulary."""
    folder = config.vocabularies_folder()
    readings = [
        lambda: city.load(config.city_file()),
        lambda: gazetteer.load(config.gazetteer_file()),
        lambda: themes.load(config.themes_file()),
        *(lambda name=path.stem: vocabularies.load(name, folder) for path in folder.glob("*.csv")),
    ]
    for read in readings:
        try:
            read()
        except _ERRORS as error:
            yield Finding(FILE, values={"reason": str(error)})


@check("storage", N_("Storage of uploaded files"))
def storage() -> Iterator[Finding]:
    """Look at ckan.storage_path."""
    path = tk.config.get("ckan.storage_path")
    if not path or not Path(path).is_dir() or not os.access(path, os.W_OK):
        yield Finding(STORAGE, values={"path": path or "ckan.storage_path"})


@check("index", N_("Search index"))
def index() -> Iterator[Finding]:
    """Look whether every dataset is in the search index, and in its present form."""
    # Harvest sources are datasets of CKAN as well, which ckanext-harvest hides from every search.
    active = model.Session.query(model.Package).filter(
        model.Package.state == "active", model.Package.type != "harvest"
    )
    every = {"rows": 0, "facet": False, "include_private": True}
    search = tk.get_action("package_search")
    indexed = search({"ignore_auth": True}, {**every, "fq": "+state:active"})["count"]
    unfolded = f"+state:active -{TITLE_FIELD}:[* TO *]"
    old = search({"ignore_auth": True}, {**every, "fq": unfolded})["count"]
    if indexed != (count := active.count()):
        yield Finding(INDEX_INCOMPLETE, values={"indexed": indexed, "count": count})
    if old:
        yield Finding(INDEX_OLD, values={"count": old})
