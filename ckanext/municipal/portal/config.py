"""Options of plugin ``municipal``: the only place that reads them. Meanings: config_declaration.yaml."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk

PACKAGE = Path(__file__).resolve().parent.parent
SCHEMAS = PACKAGE / "schemas"


def _path(option: str, default: Path) -> Path:
    value = tk.config.get(option)
    return Path(value).expanduser() if value else default


def city_file() -> Path:
    """Return the file that describes the city, ``city.yaml``."""
    return _path("ckanext.municipal.city", PACKAGE / "config" / "city.yaml")


def vocabularies_folder() -> Path:
    """Return the folder of the controlled vocabularies, one CSV each."""
    return _path("ckanext.municipal.vocabularies", SCHEMAS / "vocabularies")


def gazetteer_file() -> Path:
    """Return the CSV of the city's places, ``gazetteer.csv``."""
    return _path("ckanext.municipal.gazetteer", SCHEMAS / "gazetteer.csv")


def themes_file() -> Path:
    """Return the YAML of the municipal themes, ``themes.yaml``."""
    return _path("ckanext.municipal.themes", SCHEMAS / "themes.yaml")


def default_language() -> str:
    """Return the language that the core fields (title, notes) are written in, as ``el``."""
    return tk.config.get("ckan.locale_default") or "en"


def licences_file() -> Path:
    """Return CKAN's licence register, made of ``licence.csv``: ids are EU authority URIs."""
    return SCHEMAS / "licences.json"


def site_url() -> str:
    """Return the address of the portal, without a slash at its end."""
    return str(tk.config["ckan.site_url"]).rstrip("/")


def http_allow() -> list[str]:
    """Return the non-public addresses that may be reached: host, host:port or CIDR."""
    return tk.aslist(tk.config.get("ckanext.municipal.http.allow") or [])


def http_max_mb() -> int:
    """Return how many MB an answer may have, before and after decompression."""
    return tk.asint(tk.config.get("ckanext.municipal.http.max_mb"))


def http_seconds() -> int:
    """Return how many seconds a request may take, redirects and retries included."""
    return tk.asint(tk.config.get("ckanext.municipal.http.seconds"))
