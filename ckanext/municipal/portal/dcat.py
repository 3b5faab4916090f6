"""A dataset as DCAT-AP 3.0.1 and DCAT-AP HVD 3.0.0 want it said: what CKAN leaves implicit, spelled out.

CKAN's own fields keep the short values that its pages and other extensions expect (``format`` is
``CSV``); here they become URIs, a distribution gets the licence and legislation of its dataset, and
the department becomes the publisher with its name in each language, and a table of the DataStore
is told to be available through its API. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from ckanext.municipal.lib.texts import LANGUAGES, N_, texts
from ckanext.municipal.portal import geojson, translated
from ckanext.municipal.portal.vocabularies import Vocabulary

MEDIA_TYPES = "http://www.iana.org/assignments/media-types/"
_MEDIA_FIELDS = ("mimetype", "compress_format", "package_format")
_STORED_HERE = ("upload", "datastore", "tabledesigner")
_DATASTORE_PAGE = "https://docs.ckan.org/en/latest/maintaining/datastore.html"
_DIGESTS = {
    32: "MD5",
    40: "SHA1",
    64: "SHA256",
    96: "SHA384",
    128: "SHA512",
}  # by their hexadecimal digits

DATASTORE = N_("DataStore API: {name}")

Load = Callable[[str], Vocabulary]


def described(
    dataset: Mapping[str, Any],
    load: Load,
    *,
    department: Mapping[str, Any] | None = None,
    department_uri: str = "",
    themes: Mapping[str, str] | None = None,
    site_url: str = "",
) -> dict[str, Any]:
    """Return a copy of a dataset as shown by ``package_show`` that a DCAT profile can write out.

    ``load`` gives a vocabulary by name, ``department`` is the shown organisation, ``themes`` maps the
    names of groups to EU theme URIs. ``site_url`` is the address below which the API answers.
    """
    said = deepcopy(dict(dataset))
    if department and not said.get("publisher"):
        said["publisher"] = [publisher(department, department_uri)]
    said["contact"] = [contact for contact in said.get("contact") or () if any(contact.values())]
    if department and department.get("email") and not said["contact"]:
        said["contact"] = [contact_of(department)]
    known = themes or {}
    groups = [group["name"] for group in said.get("groups") or ()]
    eu_themes = [*(said.get("theme") or ()), *(known[name] for name in groups if name in known)]
    if eu_themes:
        said["theme"] = list(dict.fromkeys(eu_themes))
    for field, vocabulary in (("license_id", "licence"), ("frequency", "frequency")):
        concept = load(vocabulary).find(str(said.get(field) or ""))
        if concept:
            said[field] = concept.uri
    for place in said.get("spatial_coverage") or ():
        _describe_place(place)
    for resource in said.get("resources") or ():
        _describe_distribution(resource, said, load)
        if site_url and resource.get("datastore_active"):
            services = resource.get("access_services") or []
            resource["access_services"] = [*services, _datastore(resource, site_url)]
    return said


def publisher(department: Mapping[str, Any], uri: str) -> dict[str, Any]:
    """Return a department as the agent that publishes: names by language, address, kind."""
    names = translated.read(department.get("title_translated")) or {}
    return {
        "uri": department.get("uri") or uri,
        "name": department.get("title") or department.get("name") or "",
        "name_translated": names,
        "email": department.get("email") or "",
        "url": department.get("url") or "",
        "type": department.get("dcat_type") or "",
        "identifier": department.get("identifier") or department.get("diavgeia_uid") or "",
    }


def contact_of(department: Mapping[str, Any]) -> dict[str, Any]:
    """Return a department as whom to ask about a dataset that names nobody."""
    agent = publisher(department, "")
    return {field: agent[field] for field in ("name", "name_translated", "email", "url")}


def loose_keywords(dataset: Mapping[str, Any]) -> list[str]:
    """Return the tags that no language claims; profiles leave them out beside translated ones."""
    keywords = translated.read(dataset.get("tags_translated")) or {}
    claimed = {word for words in keywords.values() for word in words}
    names = [tag["name"] for tag in dataset.get("tags") or ()]
    return [name for name in names if name not in claimed] if keywords else []


def _describe_place(place: dict[str, Any]) -> None:
    """Give a place with a geometry the rectangle around it and its centre."""
    try:
        box = geojson.around(place["geom"])
    except (KeyError, geojson.BadGeometry):
        return
    place["bbox"] = place.get("bbox") or geojson.write(box.polygon())
    place["centroid"] = place.get("centroid") or geojson.write(box.centre())


def _describe_distribution(resource: dict[str, Any], dataset: dict[str, Any], load: Load) -> None:
    types = load("file-type")
    kind = types.find(str(resource.get("file_type") or resource.get("format") or ""))
    if kind:
        resource["format"] = kind.uri
        resource["mimetype"] = resource.get("mimetype") or kind.facts.get("media_type", "")
    for field in _MEDIA_FIELDS:
        value = resource.get(field) or ""
        if "/" in value and not value.startswith("http"):
            resource[field] = MEDIA_TYPES + value.partition(";")[0].strip()
    licence = resource.get("license") or dataset.get("license_id") or ""
    if str(licence).startswith("http"):
        resource["license"] = licence
    if dataset.get("hvd") == "true" and not resource.get("applicable_legislation"):
        resource["applicable_legislation"] = list(dataset.get("applicable_legislation") or ())
    resource["access_url"] = resource.get("access_url") or resource.get("url")
    if resource.get("url_type") in _STORED_HERE and not resource.get("download_url"):
        resource["download_url"] = resource.get("url")
    _describe_checksum(resource, load)


def _describe_checksum(resource: dict[str, Any], load: Load) -> None:
    """Say by which algorithm a checksum was made, or leave it out: alone it tells nothing."""
    digest = str(resource.get("hash") or "").strip()
    algorithm = resource.get("hash_algorithm") or _DIGESTS.get(len(digest), "")
    concept = load("checksum-algorithm").find(str(algorithm))
    hexadecimal = len(digest) % 2 == 0 and set(digest) <= set("0123456789abcdefABCDEF")
    resource["hash"] = digest if concept and hexadecimal else ""
    resource["hash_algorithm"] = concept.uri if concept else ""


def _datastore(resource: Mapping[str, Any], site_url: str) -> dict[str, Any]:
    """Return the service that answers for the table of a resource."""
    names = translated.read(resource.get("name_translated")) or {}
    plain = resource.get("name") or resource["id"]
    address = f"{site_url.rstrip('/')}/api/3/action/datastore_search?resource_id={resource['id']}"
    return {
        "uri": f"{address}#service",
        "title": texts(DATASTORE, name={lang: names.get(lang) or plain for lang in LANGUAGES}),
        "endpoint_url": [address],
        "endpoint_description": _DATASTORE_PAGE,
        "license": resource.get("license") or "",
        "landing_page": [_DATASTORE_PAGE],
    }
