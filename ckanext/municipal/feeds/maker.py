"""What makes records: a digest of the code and the settings that decide what they say, and to whom.

A record that another maker made is made again by itself, after an upgrade or a change of the city.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckanext.dcat.utils import catalog_uri

from ckanext.municipal.feeds import config
from ckanext.municipal.portal import config as portal
from ckanext.municipal.portal.interfaces import IRecords

_OPTIONS = (
    "ckan.locale_default",
    "ckanext.dcat.clean_tags",
    "ckanext.dcat.compatibility_mode",
    "ckanext.dcat.rdf.profiles",
)
_DISTRIBUTIONS = ("ckanext-dcat", "rdflib", "pyoxigraph")
_CODE = ("feeds/*.py", "lib/rdf/*.py", "portal/rdf.py", "portal/dcat.py")


def current() -> str:
    """Return the digest of what would make a record now. Reads some dozens of files."""
    seen = sha256()
    for part in _parts():
        seen.update(part)
        seen.update(b"\0")
    return seen.hexdigest()


def _parts() -> Iterator[bytes]:
    for name in _DISTRIBUTIONS:
        yield f"{name} {version(name)}".encode()
    for option in _OPTIONS:
        yield f"{option} {tk.config.get(option)}".encode()
    yield f"{catalog_uri()} {config.types()} {config.embargo_field()}".encode()
    for plugin in p.PluginImplementations(IRecords):
        yield f"{plugin.name} {plugin.records_version()}".encode()
    for path in _files():
        yield path.read_bytes()


def _files() -> Iterator[Path]:
    for pattern in _CODE:
        yield from sorted(portal.PACKAGE.glob(pattern))
    yield from sorted(portal.vocabularies_folder().glob("*.csv"))
    yield portal.city_file()
    yield portal.themes_file()
