"""Which field of the dataset form a property of DCAT-AP is written from, and what the form calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckan.plugins import toolkit as tk

from ckanext.municipal.lib.texts import LANGUAGES

_SCHEMA = "dataset"  # the other types say the same of themselves, and more


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form of a dataset or (``of_resource``) a resource, or a part of a repeated one."""

    name: str
    part: str = ""
    of_resource: bool = False


_DATASET = {
    "dcat:contactPoint": "contact",
    "dcat:keyword": "tags_translated",
    "dcat:landingPage": "url",
    "dcat:spatialResolutionInMeters": "spatial_resolution_in_meters",
    "dcat:temporalResolution": "temporal_resolution",
    "dcat:theme": "theme",
    "dcat:version": "version",
    "dcatap:applicableLegislation": "hvd",
    "dcatap:hvdCategory": "hvd_category",
    "dct:accessRights": "access_rights",
    "dct:accrualPeriodicity": "frequency",
    "dct:conformsTo": "conforms_to",
    "dct:creator": "creator",
    "dct:description": "notes_translated",
    "dct:identifier": "identifier",
    "dct:isReferencedBy": "is_referenced_by",
    "dct:issued": "issued",
    "dct:language": "language",
    "dct:modified": "modified",
    "dct:provenance": "provenance",
    "dct:publisher": "owner_org",
    "dct:relation": "related_resource",
    "dct:spatial": "spatial_coverage",
    "dct:temporal": "temporal_coverage",
    "dct:title": "title_translated",
    "dct:type": "dcat_type",
    "foaf:page": "documentation",
    "adms:identifier": "alternate_identifier",
    "adms:versionNotes": "version_notes",
}
_DISTRIBUTION = {
    "adms:status": "status",
    "dcat:accessService": "access_services",
    "dcat:accessURL": "url",
    "dcat:byteSize": "size",
    "dcat:compressFormat": "compress_format",
    "dcat:downloadURL": "download_url",
    "dcat:mediaType": "mimetype",
    "dcat:packageFormat": "package_format",
    "dcat:spatialResolutionInMeters": "spatial_resolution_in_meters",
    "dcat:temporalResolution": "temporal_resolution",
    "dcatap:applicableLegislation": "applicable_legislation",
    "dcatap:availability": "availability",
    "dct:conformsTo": "conforms_to",
    "dct:description": "description_translated",
    "dct:format": "file_type",
    "dct:issued": "issued",
    "dct:language": "language",
    "dct:license": "license",
    "dct:license|dct:rights": "license",
    "dct:modified": "modified",
    "dct:rights": "rights",
    "dct:title": "name_translated",
    "foaf:page": "documentation",
    "spdx:checksum": "hash",
}
_SERVICE = {
    "dcat:endpointDescription": "endpoint_description",
    "dcat:endpointURL": "endpoint_url",
    "dcat:landingPage": "landing_page",
    "dcat:servesDataset": "serves_dataset",
    "dcatap:applicableLegislation": "applicable_legislation",
    "dct:accessRights": "access_rights",
    "dct:conformsTo": "conforms_to",
    "dct:description": "description",
    "dct:license": "license",
    "dct:license|dct:rights": "license",
    "dct:title": "title",
    "foaf:page": "landing_page",
}
# What a service does not say itself, its dataset says for it.
_SERVICE_OF_DATASET = ("dcat:contactPoint", "dcat:keyword", "dcat:theme", "dcatap:hvdCategory")

FIELDS: dict[str, dict[str, Field]] = {
    "dcat:Dataset": {path: Field(name) for path, name in _DATASET.items()},
    "dcat:Distribution": {
        path: Field(name, of_resource=True) for path, name in _DISTRIBUTION.items()
    },
    "dcat:DataService": {
        **{path: Field(_DATASET[path]) for path in _SERVICE_OF_DATASET},
        **{path: Field("access_services", part, True) for path, part in _SERVICE.items()},
    },
    "dct:Location": {
        "dcat:bbox": Field("spatial_coverage", "geom"),
        "dcat:centroid": Field("spatial_coverage", "geom"),
        "locn:geometry": Field("spatial_coverage", "geom"),
    },
    "dct:PeriodOfTime": {
        "dcat:startDate": Field("temporal_coverage", "start"),
        "dcat:endDate": Field("temporal_coverage", "end"),
    },
    "foaf:Agent": {
        "foaf:name": Field("publisher", "name"),
        "dct:type": Field("publisher", "type"),
    },
    "vcard:Kind": {
        "vcard:hasEmail": Field("contact", "email"),
        "vcard:hasEmail|vcard:hasURL": Field("contact", "email"),
        "vcard:hasURL": Field("contact", "url"),
    },
}


def field_of(of: str, path: str) -> Field | None:
    """Return the field that a property of a class is written from, ``None`` where there is none."""
    return FIELDS.get(of, {}).get(path)


def form_label(field: Field) -> Mapping[str, str] | None:
    """Return what the form calls a field, by language; ``None`` where the form does not show it."""
    return label_in(tk.h.scheming_get_dataset_schema(_SCHEMA) or {}, field)


def label_in(schema: Mapping[str, Any], field: Field) -> Mapping[str, str] | None:
    """Return what a schema of ckanext-scheming calls a field, ``None`` where its form does not show it."""
    fields = schema.get("resource_fields" if field.of_resource else "dataset_fields", ())
    labels = [_shown_label(fields, field.name)]
    if field.part and labels[0]:
        whole = next(each for each in fields if each["field_name"] == field.name)
        labels.append(_shown_label(whole.get("repeating_subfields", ()), field.part))
    shown = [label for label in labels if label]
    if len(shown) < len(labels):
        return None
    return {language: ": ".join(label[language] for label in shown) for language in LANGUAGES}


def _shown_label(fields: Any, name: str) -> Mapping[str, str] | None:
    for each in fields:
        if each["field_name"] == name and each.get("form_snippet", name) is not None:
            label = each.get("label", name)
            return label if isinstance(label, Mapping) else dict.fromkeys(LANGUAGES, label)
    return None
