"""What DCAT-AP HVD 3.0.0 demands on top of DCAT-AP of a high-value dataset (Regulation (EU) 2023/138).

The facts of https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd/ (base, ranges and usage notes) about
datasets; what it says of catalogues is DCAT-AP's own. The profile holds for every dataset of a graph,
so only high-value ones may be checked by it.
"""

from __future__ import annotations

from ckanext.municipal.lib.rdf.demands import Demand, Demands, Kind

REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
CATEGORIES = "http://data.europa.eu/bna/asd487ae75"

_LEGISLATION = Demand(
    "dcatap:applicableLegislation",
    least=1,
    kind=Kind.NODE,
    of=("eli:LegalResource",),
    value=REGULATION,
)
_CATEGORY = Demand(
    "dcatap:hvdCategory", least=1, kind=Kind.NODE, of=("skos:Concept",), scheme=CATEGORIES
)
_TERMS = Demand("dct:license|dct:rights", least=1)
_API = Demand("^dcat:servesDataset|dcat:distribution/dcat:accessService", least=1, kind=Kind.IRI)
_RELATED_LICENCES = (
    "skos:exactMatch|owl:sameAs|skos:broadMatch|skos:narrowMatch|skos:closeMatch|rdfs:seeAlso"
)


def _node(path: str, *of: str, least: int = 0, most: int | None = None) -> Demand:
    return Demand(path, least=least, most=most, kind=Kind.NODE, of=of)


_CONFORMS = _node("dct:conformsTo", "dct:Standard")
_LICENCE = _node("dct:license", "dct:LicenseDocument", most=1)
_RIGHTS = _node("dct:rights", "dct:RightsStatement")

DCAT_AP_HVD: Demands = {
    "dcat:Dataset": (
        _API,
        _LEGISLATION,
        _CATEGORY,
        _CONFORMS,
        _node("dcat:contactPoint", "vcard:Kind"),
        _node("dcat:distribution", "dcat:Distribution", least=1),
        _node("dcat:inSeries", "dcat:DatasetSeries"),
    ),
    "dcat:DatasetSeries": (_LEGISLATION, _CATEGORY),
    "dcat:Distribution": (
        _TERMS,
        _LEGISLATION,
        _CONFORMS,
        _LICENCE,
        _RIGHTS,
        _node("dcat:accessService", "dcat:DataService"),
        _node("dcat:accessURL", "rdfs:Resource", least=1),
    ),
    "dcat:DataService": (
        _TERMS,
        _LEGISLATION,
        _CATEGORY,
        _LICENCE,
        _RIGHTS,
        _node("dcat:contactPoint", "vcard:Kind", least=1),
        _node("dcat:endpointDescription", "rdfs:Resource"),
        _node("dcat:endpointURL", "rdfs:Resource", least=1),
        _node("dcat:servesDataset", "dcat:Dataset"),
        _node("foaf:page", "foaf:Document", least=1),
    ),
    "dct:LicenseDocument": (Demand(_RELATED_LICENCES, least=1, advice=True),),
    "vcard:Kind": (
        _node("vcard:hasEmail", "rdfs:Resource", most=1),
        _node("vcard:hasURL", "rdfs:Resource", most=1),
        Demand("vcard:hasEmail|vcard:hasURL", least=1, advice=True),
    ),
}
