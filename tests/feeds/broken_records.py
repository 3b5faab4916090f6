"""A record that conforms, with every class of DCAT-AP in it, and the ways to break it, one demand at a time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from rdflib import RDF, BNode, Graph, Literal, URIRef

from ckanext.municipal.lib.rdf.dcat_ap import DCAT_AP
from ckanext.municipal.lib.rdf.dcat_ap_hvd import CATEGORIES, DCAT_AP_HVD, REGULATION
from ckanext.municipal.lib.rdf.demands import PREFIXES, Demand, Kind, iri

HERE = "https://data.example.org/"

_RECORD = f"""
@base <{HERE}> .
<dataset/1> a dcat:Dataset ;
    dct:title "Τίτλος"@el, "Title"@en ; dct:description "Περιγραφή"@el ; dct:identifier "1" ;
    dct:publisher <agent> ; dct:creator <agent> ; dcat:contactPoint <contact> ; dcat:theme <theme> ;
    dcat:keyword "λέξη"@el ; dct:accessRights <access> ; dct:conformsTo <standard> ;
    dct:accrualPeriodicity <frequency> ; dct:spatial <place> ; dct:temporal <period> ;
    dct:language <language> ; dct:issued "2024"^^xsd:gYear ; dct:modified "2024-02-29"^^xsd:date ;
    foaf:page <page> ; dcat:landingPage <page> ; dct:provenance <provenance> ; dct:type <theme> ;
    dcat:inSeries <series> ; adms:identifier <other> ; dcat:version "1" ; adms:versionNotes "-" ;
    dcat:spatialResolutionInMeters 10.5 ; dcat:temporalResolution "P1D"^^xsd:duration ;
    dcat:distribution <resource/1> ; adms:sample <resource/1> ; dcat:qualifiedRelation <relation> ;
    prov:wasGeneratedBy <activity> ; prov:qualifiedAttribution <attribution> ;
    dct:source <dataset/1> ; dct:hasVersion <dataset/1> ; dct:relation <page> ;
    dct:isReferencedBy <page> ; dcatap:applicableLegislation <{REGULATION}> ;
    dcatap:hvdCategory <category> .
<resource/1> a dcat:Distribution ;
    dcat:accessURL <file> ; dcat:downloadURL <file> ; dct:title "Πόρος"@el ; dct:description "-" ;
    dct:license <licence> ; dct:rights <access> ; dct:format <format> ; dcat:mediaType <media> ;
    dcat:compressFormat <media> ; dcat:packageFormat <media> ; dcatap:availability <theme> ;
    adms:status <theme> ; dcat:byteSize "10"^^xsd:nonNegativeInteger ; spdx:checksum <checksum> ;
    dct:language <language> ; dct:conformsTo <standard> ; foaf:page <page> ; odrl:hasPolicy <policy> ;
    dct:issued "2024-01-31T10:00:00Z"^^xsd:dateTime ; dct:modified "2024-01"^^xsd:gYearMonth ;
    dcat:spatialResolutionInMeters 10.5 ; dcat:temporalResolution "PT1H"^^xsd:duration ;
    dcat:accessService <service> ; dcatap:applicableLegislation <{REGULATION}> .
<service> a dcat:DataService ;
    dct:title "API" ; dcat:endpointURL <file> ; dcat:endpointDescription <file> ;
    dct:description "-" ; dcat:servesDataset <dataset/1> ; dct:license <licence> ; dct:rights <access> ;
    dct:accessRights <access> ; dct:conformsTo <standard> ; dcat:contactPoint <contact> ;
    dct:format <format> ; dcat:keyword "λέξη"@el ; dcat:landingPage <page> ; foaf:page <page> ;
    dct:publisher <agent> ; dcat:theme <theme> ; dcatap:applicableLegislation <{REGULATION}> ;
    dcatap:hvdCategory <category> .
<series> a dcat:DatasetSeries ;
    dct:title "Σειρά"@el ; dct:description "-" ; dct:publisher <agent> ; dcat:contactPoint <contact> ;
    dct:accrualPeriodicity <frequency> ; dct:spatial <place> ; dct:temporal <period> ;
    dct:issued "2024"^^xsd:gYear ; dct:modified "2024"^^xsd:gYear ;
    dcatap:applicableLegislation <{REGULATION}> ; dcatap:hvdCategory <category> .
<catalogue> a dcat:Catalog ;
    dct:title "Κατάλογος"@el ; dct:description "-" ; dct:publisher <agent> ; dct:creator <agent> ;
    dct:language <language> ; dct:license <licence> ; dct:rights <access> ; dct:spatial <place> ;
    dct:issued "2024"^^xsd:gYear ; dct:modified "2024"^^xsd:gYear ; foaf:homepage <page> ;
    dcat:themeTaxonomy <themes> ; dcat:dataset <dataset/1> ; dcat:service <service> ;
    dcat:record <record> ; dcat:catalog <catalogue> ; dct:hasPart <catalogue> ;
    dct:isPartOf <catalogue> ; dcatap:applicableLegislation <{REGULATION}> .
<record> a dcat:CatalogRecord ;
    foaf:primaryTopic <dataset/1> ; dct:modified "2024"^^xsd:gYear ; dct:issued "2024"^^xsd:gYear ;
    dct:conformsTo <standard> ; adms:status <theme> ; dct:language <language> ; dct:source <record> ;
    dct:title "-" ; dct:description "-" .
<dataset/1> a dcat:Resource .
<relation> a dcat:Relationship ; dct:relation <dataset/1> ; dcat:hadRole <role> .
<agent> a foaf:Agent ; foaf:name "Υπηρεσία"@el ; dct:type <theme> .
<contact> a vcard:Kind ; vcard:hasEmail <mailto:a@example.org> ; vcard:hasURL <page> .
<period> a dct:PeriodOfTime ; dcat:startDate "2024"^^xsd:gYear ; dcat:endDate "2024"^^xsd:gYear ;
    time:hasBeginning <instant> ; time:hasEnd <instant> .
<place> a dct:Location ; dcat:bbox "-" ; dcat:centroid "-" ; locn:geometry "-" .
<checksum> a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ;
    spdx:checksumValue "0a1b"^^xsd:hexBinary .
<licence> a dct:LicenseDocument ; dct:type <theme> ; rdfs:seeAlso <page> .
<other> a adms:Identifier ; skos:notation "1" .
<theme> a skos:Concept ; skos:prefLabel "Θέμα"@el .
<category> a skos:Concept ; skos:prefLabel "Κατηγορία"@el ; skos:inScheme <{CATEGORIES}> .
<themes> a skos:ConceptScheme ; dct:title "Θέματα"@el .
<file> a rdfs:Resource . <mailto:a@example.org> a rdfs:Resource .
<page> a foaf:Document, rdfs:Resource . <standard> a dct:Standard . <language> a dct:LinguisticSystem .
<frequency> a dct:Frequency . <access> a dct:RightsStatement . <format> a dct:MediaTypeOrExtent .
<media> a dct:MediaType . <policy> a odrl:Policy . <provenance> a dct:ProvenanceStatement .
<role> a dcat:Role . <instant> a time:Instant . <activity> a prov:Activity .
<attribution> a prov:Attribution . <{REGULATION}> a eli:LegalResource .
"""

Break = Callable[[Graph], None]


@dataclass(frozen=True)
class Broken:
    """A way to break a demand: its name, and what it does to a record that conforms."""

    name: str
    breaks: Break


def conforming() -> Graph:
    """Return a high-value dataset's record that conforms, catalogue and all; it may be changed."""
    graph = Graph()
    for triple in _parsed():
        graph.add(triple)
    return graph


@cache
def _parsed() -> Graph:
    prefixes = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())
    return Graph().parse(data=prefixes + _RECORD, format="turtle")


def every_break() -> list[Broken]:
    """Return a way to break each demand that is mandatory, in each way in which it can be broken."""
    return [
        Broken(f"{of} {demand.path} {way}", _breaks(of, demand, change))
        for profile in (DCAT_AP, DCAT_AP_HVD)
        for of, demands in profile.items()
        for demand in demands
        if not demand.advice
        for way, change in _changes(demand)
    ]


def several(breaks: list[Broken], seed: int) -> Broken:
    """Return two to five of the ways at once, the same for the same seed."""
    chosen = random.Random(seed).sample(breaks, 2 + seed % 4)

    def apply(graph: Graph) -> None:
        for each in chosen:
            each.breaks(graph)

    return Broken(" + ".join(each.name for each in chosen), apply)


_ANOTHER = {
    "date": "2023-12-31",
    "dateTime": "2023-12-31T10:00:00",
    "decimal": "2.5",
    "duration": "P2D",
    "gYear": "2023",
    "gYearMonth": "2023-12",
    "hexBinary": "0b",
}
_Change = Callable[[Graph, URIRef, Demand], None]


def _breaks(of: str, demand: Demand, change: _Change) -> Break:
    def apply(graph: Graph) -> None:
        nodes = sorted(map(URIRef, graph.subjects(RDF.type, URIRef(iri(of)))))
        if nodes:  # another break may have taken the class away
            change(graph, nodes[0], demand)

    return apply


def _changes(demand: Demand) -> Iterator[tuple[str, _Change]]:
    if demand.least:
        yield "missing", _remove
    if demand.most is not None:
        yield "too many", _add_another
    if any(mark in demand.path for mark in "|/^"):
        return
    if demand.kind is Kind.LITERAL:
        yield "an address", _put(URIRef(HERE + "elsewhere"))
        yield "a blank node", _put(BNode())
    if demand.kind in (Kind.NODE, Kind.IRI) or demand.of:
        yield "a text", _put(Literal("a text"))
    if demand.kind is Kind.IRI:
        yield "a blank node", _put(BNode())
    if demand.of:
        yield "of no class", _put(URIRef(HERE + "elsewhere"))
    for datatype in demand.datatypes[:1]:
        yield "of no datatype", _put(Literal("2024"))
        yield "of another datatype", _put(Literal("12:00:00", datatype=URIRef(iri("xsd:time"))))
        # rdflib knows of few datatypes which texts are theirs; of hexBinary it takes any.
        if datatype in ("xsd:date", "xsd:decimal", "xsd:nonNegativeInteger"):
            yield "ill-formed", _put(Literal("2024-02-30", datatype=URIRef(iri(datatype))))
    if demand.value or demand.scheme:
        yield "another one", _put(URIRef(HERE + "theme"))


def _remove(graph: Graph, node: URIRef, demand: Demand) -> None:
    for way in demand.path.split("|"):
        first = way.split("/")[-1]
        if first.startswith("^"):
            graph.remove((None, URIRef(iri(first[1:])), node))
        else:
            subject = node if "/" not in way else None
            graph.remove((subject, URIRef(iri(first)), None))


def _add_another(graph: Graph, node: URIRef, demand: Demand) -> None:
    predicate = URIRef(iri(demand.path))
    for value in list(graph.objects(node, predicate)):
        if isinstance(value, Literal):
            another = _ANOTHER.get(str(value.datatype).rpartition("#")[2], f"{value}0")
            graph.add((node, predicate, Literal(another, datatype=value.datatype)))
        else:
            other = URIRef(f"{value}/another")
            graph.add((node, predicate, other))
            for kind in list(graph.objects(value, RDF.type)):
                graph.add((other, RDF.type, kind))


def _put(term: URIRef | Literal | BNode) -> _Change:
    def change(graph: Graph, node: URIRef, demand: Demand) -> None:
        graph.set((node, URIRef(iri(demand.path)), term))

    return change
