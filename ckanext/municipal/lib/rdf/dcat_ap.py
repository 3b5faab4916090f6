"""What DCAT-AP 3.0.1 demands of a catalogue and its datasets: cardinalities, kinds and classes of values.

The facts of the official constraints, https://semiceu.github.io/DCAT-AP/releases/3.0.1/ (shapes and
ranges), without their recommendations.
"""

from __future__ import annotations

from ckanext.municipal.lib.rdf.demands import Demand, Demands, Kind

_LITERAL, _NODE, _IRI = Kind.LITERAL, Kind.NODE, Kind.IRI
_DATES = ("xsd:date", "xsd:dateTime", "xsd:gYear", "xsd:gYearMonth")
_RESOURCES = ("dcat:Catalog", "dcat:Dataset", "dcat:DataService", "dcat:DatasetSeries")


def _text(path: str, least: int = 0, most: int | None = None) -> Demand:
    return Demand(path, least=least, most=most, kind=_LITERAL)


def _node(path: str, *of: str, most: int | None = None) -> Demand:
    return Demand(path, most=most, kind=_NODE, of=of)


def _date(path: str) -> Demand:
    return Demand(path, most=1, datatypes=_DATES)


def _loose_date(path: str, least: int = 0) -> tuple[Demand, Demand]:
    """Return what is demanded of a date whose form the official shapes mean to check, and do not.

    They say ``sh:shape`` there, which SHACL does not know, in place of ``sh:node``.
    """
    return Demand(path, least=least, most=1), Demand(path, datatypes=_DATES, advice=True)


_LEGISLATION = Demand("dcatap:applicableLegislation", kind=_IRI, of=("eli:LegalResource",))
_THEME = Demand("dcat:theme", kind=_IRI, of=("skos:Concept",))
_PUBLISHER = _node("dct:publisher", "foaf:Agent", most=1)
_CONTACT = _node("dcat:contactPoint", "vcard:Kind")
_LANGUAGE = _node("dct:language", "dct:LinguisticSystem")
_LICENCE = _node("dct:license", "dct:LicenseDocument", most=1)
_RIGHTS = _node("dct:rights", "dct:RightsStatement", most=1)
_ACCESS = _node("dct:accessRights", "dct:RightsStatement", most=1)
_STANDARD = _node("dct:conformsTo", "dct:Standard")
_SPATIAL = _node("dct:spatial", "dct:Location")
_TEMPORAL = _node("dct:temporal", "dct:PeriodOfTime")
_FREQUENCY = _node("dct:accrualPeriodicity", "dct:Frequency", most=1)
_PAGE = _node("foaf:page", "foaf:Document")
_LANDING_PAGE = _node("dcat:landingPage", "foaf:Document")
_METRES = Demand("dcat:spatialResolutionInMeters", most=1, datatypes=("xsd:decimal",))
_STEP = Demand("dcat:temporalResolution", most=1, datatypes=("xsd:duration",))

_CATALOGUE = (
    _LANGUAGE,
    _LEGISLATION,
    _LICENCE,
    _date("dct:issued"),
    _SPATIAL,
    _node("dct:hasPart", "dcat:Catalog"),
    Demand("dct:isPartOf", of=("dcat:Catalog",)),
    _date("dct:modified"),
    _RIGHTS,
    _node("dcat:record", "dcat:CatalogRecord"),
    _node("dcat:themeTaxonomy", "skos:ConceptScheme"),
    _node("dcat:service", "dcat:DataService"),
    _node("dcat:catalog", "dcat:Catalog"),
    _node("dct:creator", "foaf:Agent", most=1),
    _node("dcat:dataset", "dcat:Dataset"),
    _text("dct:description", least=1),
    Demand("dct:publisher", least=1, most=1, of=("foaf:Agent",)),
    _text("dct:title", least=1),
    _node("foaf:homepage", "foaf:Document", most=1),
)

_DATASET = (
    _text("dct:title", least=1),
    _text("dct:description", least=1),
    _ACCESS,
    _LEGISLATION,
    _STANDARD,
    _CONTACT,
    _node("dct:creator", "foaf:Agent"),
    _node("dcat:distribution", "dcat:Distribution"),
    _PAGE,
    _FREQUENCY,
    _SPATIAL,
    _node("dct:hasVersion", "dcat:Dataset"),
    _text("dct:identifier"),
    _node("dcat:inSeries", "dcat:DatasetSeries"),
    _node("dct:isReferencedBy"),
    _text("dcat:keyword"),
    _LANDING_PAGE,
    _LANGUAGE,
    *_loose_date("dct:modified"),
    _node("adms:identifier", "adms:Identifier"),
    _node("dct:provenance", "dct:ProvenanceStatement"),
    _PUBLISHER,
    _node("prov:qualifiedAttribution", "prov:Attribution"),
    _node("dcat:qualifiedRelation", "dcat:Relationship"),
    _node("dct:relation"),
    *_loose_date("dct:issued"),
    _node("adms:sample", "dcat:Distribution"),
    _node("dct:source", "dcat:Dataset"),
    _METRES,
    _TEMPORAL,
    _STEP,
    _THEME,
    _node("dct:type", "skos:Concept"),
    _text("dcat:version", most=1),
    _text("adms:versionNotes"),
    _node("prov:wasGeneratedBy", "prov:Activity"),
)

_DISTRIBUTION = (
    _node("dcat:accessService", "dcat:DataService"),
    Demand("dcat:accessURL", least=1, kind=_NODE),
    _LEGISLATION,
    _node("dcatap:availability", "skos:Concept", most=1),
    Demand("dcat:byteSize", most=1, datatypes=("xsd:nonNegativeInteger",)),
    _node("spdx:checksum", "spdx:Checksum", most=1),
    _node("dcat:compressFormat", "dct:MediaType", most=1),
    _text("dct:description"),
    _PAGE,
    _node("dcat:downloadURL"),
    _node("dct:format", "dct:MediaTypeOrExtent", most=1),
    _node("odrl:hasPolicy", "odrl:Policy", most=1),
    _LANGUAGE,
    _LICENCE,
    _STANDARD,
    _node("dcat:mediaType", "dct:MediaType", most=1),
    _date("dct:modified"),
    _node("dcat:packageFormat", "dct:MediaType", most=1),
    _date("dct:issued"),
    _RIGHTS,
    _METRES,
    _node("adms:status", "skos:Concept", most=1),
    _STEP,
    _text("dct:title"),
)

_SERVICE = (
    _ACCESS,
    _LEGISLATION,
    _STANDARD,
    _CONTACT,
    _text("dct:description"),
    Demand("dcat:endpointURL", least=1, kind=_NODE),
    _node("dcat:endpointDescription"),
    _node("dct:format", "dct:MediaTypeOrExtent"),
    _text("dcat:keyword"),
    _LANDING_PAGE,
    _LICENCE,
    _PUBLISHER,
    _node("dcat:servesDataset", "dcat:Dataset"),
    _THEME,
    _text("dct:title", least=1),
)

# Members tell of their series; a series that is told alone is none the worse.
_SERIES = (
    Demand("^dcat:inSeries", least=1, kind=_NODE, of=("dcat:Dataset",), advice=True),
    _LEGISLATION,
    _CONTACT,
    _text("dct:description", least=1),
    _FREQUENCY,
    _SPATIAL,
    Demand("dct:modified", most=1, kind=_LITERAL, datatypes=_DATES),
    _PUBLISHER,
    Demand("dct:issued", most=1, kind=_LITERAL, datatypes=_DATES),
    _TEMPORAL,
    _text("dct:title", least=1),
)

_RECORD = (
    Demand("foaf:primaryTopic", least=1, most=1, of=_RESOURCES),
    *_loose_date("dct:modified", least=1),
    Demand("dct:conformsTo", most=1, of=("dct:Standard",)),
    _date("dct:issued"),
    Demand("adms:status", most=1, of=("skos:Concept",)),
    Demand("dct:language", of=("dct:LinguisticSystem",)),
    Demand("dct:source", most=1, of=("dcat:CatalogRecord",)),
    _text("dct:title"),
    _text("dct:description"),
)

DCAT_AP: Demands = {
    "adms:Identifier": (Demand("skos:notation", most=1),),
    "dcat:Catalog": _CATALOGUE,
    "dcat:CatalogRecord": _RECORD,
    "dcat:DataService": _SERVICE,
    "dcat:Dataset": _DATASET,
    "dcat:DatasetSeries": _SERIES,
    "dcat:Distribution": _DISTRIBUTION,
    "dcat:Relationship": (
        Demand("dct:relation", least=1, of=_RESOURCES),
        Demand("dcat:hadRole", least=1, of=("dcat:Role",)),
    ),
    "dct:LicenseDocument": (Demand("dct:type", of=("skos:Concept",)),),
    "dct:Location": (
        _text("dcat:bbox", most=1),
        _text("dcat:centroid", most=1),
        _text("locn:geometry", most=1),
    ),
    "dct:PeriodOfTime": (
        *_loose_date("dcat:startDate"),
        *_loose_date("dcat:endDate"),
        Demand("time:hasBeginning", most=1, of=("time:Instant",)),
        Demand("time:hasEnd", most=1, of=("time:Instant",)),
    ),
    "foaf:Agent": (
        _text("foaf:name", least=1),
        Demand("dct:type", most=1, of=("skos:Concept",)),
    ),
    "skos:Concept": (_text("skos:prefLabel", least=1),),
    "skos:ConceptScheme": (_text("dct:title", least=1),),
    "spdx:Checksum": (
        Demand("spdx:algorithm", least=1, most=1),
        Demand("spdx:checksumValue", least=1, most=1, datatypes=("xsd:hexBinary",)),
    ),
}
