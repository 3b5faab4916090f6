"""Generated records for scoring, and the score read independently, with rdflib.

The points and lists are read from the vocabularies of piveau themselves, not from ours.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF, SKOS

from ckanext.municipal.quality.score.judging import Link

EU = "http://publications.europa.eu/resource/authority/"
IANA = "http://www.iana.org/assignments/media-types/"
PV = rdflib.Namespace("https://piveau.eu/ns/voc#")
DATASET = rdflib.URIRef("https://example.org/dataset/1")
# Newer copies of piveau's list of formats that nobody owns have three more.
NEWER_OPEN = {EU + "file-type/" + code for code in ("ETSI_XML", "GPKG", "GPX")}
_OF_BOTH_LISTS = {"text/csv", "application/json", "application/xml"}
_OPEN_MEDIA = {*_OF_BOTH_LISTS, "text/html", "application/zip", "text/tab-separated-values"}
_READ_MEDIA = {*_OF_BOTH_LISTS, "application/vnd.ms-excel"}
_CODES = ("CSV", "TSV", "PDF", "XLSX", "XLS", "GPKG", "PARQUET", "HTML", "ZIP", "WMS_SRVC")
_CODES += ("JPEG", "ETSI_XML", "NONE")
_ADDRESSES = [f"https://example.org/file/{number}" for number in range(12)]


class Vocabularies:
    """What the saved vocabularies say: points by metric, and members of the lists."""

    def __init__(self, folder: Path) -> None:
        self.points = self._points(folder / "piveau-dqv-vocabulary.ttl")
        self.read = self._concepts(folder / "edp-machine-readable-format.rdf", "file-type/")
        self.open = self._concepts(folder / "edp-non-proprietary-format.rdf", "file-type/")
        self.open |= NEWER_OPEN
        self.types = self._concepts(folder / "VOCAB-EU-FILE-TYPE.xml", "file-type/")
        self.rights = self._concepts(folder / "access-right-skos.rdf", "access-right/")
        self.licences = {
            *self._concepts(folder / "licences-skos.rdf", "licence/"),
            *self._concepts(folder / "piveau-licences-skos.rdf", ""),
        }

    @staticmethod
    def _points(path: Path) -> dict[str, int]:
        graph = rdflib.Graph().parse(path)
        return {
            str(metric).removeprefix(str(PV)): int(str(points))
            for metric, points in graph.subject_objects(PV.trueScore)
        }

    @staticmethod
    def _concepts(path: Path, part: str) -> set[str]:
        graph = rdflib.Graph().parse(path, format="turtle" if path.suffix == ".ttl" else "xml")
        concepts = {*graph.subjects(SKOS.inScheme), *graph.subjects(RDF.type, SKOS.Concept)}
        return {str(each) for each in concepts or set(graph.subjects()) if part in str(each)}


def record(seed: int) -> tuple[rdflib.Graph, dict[str, Link], bool]:
    """Return a record of any shape, what is known of its links, and whether it conforms."""
    random = Random(seed)
    graph = rdflib.Graph()
    graph.add((DATASET, RDF.type, DCAT.Dataset))

    def some(node: Any, predicate: Any, values: list[Any], share: float = 0.6) -> None:
        while random.random() < share:
            graph.add((node, predicate, random.choice(values)))
            share /= 3

    uri, text = rdflib.URIRef, rdflib.Literal
    some(DATASET, DCAT.keyword, [text("νερό", lang="el"), text("water", lang="en")])
    some(DATASET, DCAT.theme, [uri(EU + "data-theme/ENVI"), uri("urn:theme:1")])
    some(DATASET, DCTERMS.spatial, [uri("https://sws.geonames.org/734077/"), rdflib.BNode()])
    some(DATASET, DCTERMS.temporal, [rdflib.BNode()])
    some(DATASET, DCAT.contactPoint, [uri("https://example.org/contact")])
    some(DATASET, DCTERMS.publisher, [uri("https://example.org/city")])
    rights = [EU + "access-right/" + code for code in ("PUBLIC", "RESTRICTED", "OPEN")]
    some(DATASET, DCTERMS.accessRights, [*map(uri, rights), text("public")])
    some(DATASET, DCTERMS.issued, [text("2024-01-01")])
    some(DATASET, DCTERMS.modified, [text("2024-01-01")])
    for number in range(random.choice([0, 1, 1, 2, 3, 6])):
        node = uri(f"https://example.org/dataset/1/resource/{number}")
        graph.add((DATASET, DCAT.distribution, node))
        some(node, DCAT.accessURL, list(map(uri, _ADDRESSES)), 0.9)
        some(node, DCAT.downloadURL, list(map(uri, _ADDRESSES)))
        formats = [*(uri(EU + "file-type/" + code) for code in _CODES), text("CSV")]
        some(node, DCTERMS["format"], formats)
        types = "text/csv application/json application/pdf text/html application/zip text/tab-separated-values"
        media = [*(uri(IANA + each) for each in types.split()), text("text/csv"), uri(IANA + "csv")]
        some(node, DCAT.mediaType, media)
        licences = [EU + "licence/CC_BY_4_0", EU + "licence/CC0", EU + "licence/OWN", "urn:l:1"]
        piveau = ["http://europeandataportal.eu/ontologies/od-licenses#OGL3.0"]
        some(node, DCTERMS.license, [*map(uri, licences + piveau), text("CC BY")])
        some(node, DCTERMS.rights, [uri("https://example.org/rights")])
        some(node, DCAT.byteSize, [text(100), text(7)])
        some(node, DCTERMS.issued, [text("2024-01-01")])
        some(node, DCTERMS.modified, [text("2024-01-01")])
    links = {url: random.choice(list(Link)) for url in _ADDRESSES if random.random() < 0.8}
    return graph, links, random.random() < 0.7


_OWN = {
    "keywordAvailability": "dcat:keyword",
    "categoryAvailability": "dcat:theme",
    "spatialAvailability": "dct:spatial",
    "temporalAvailability": "dct:temporal",
    "accessRightsAvailability": "dct:accessRights",
    "contactPointAvailability": "dcat:contactPoint",
    "publisherAvailability": "dct:publisher",
}
_PARTS = {
    "downloadUrlAvailability": "dcat:downloadURL",
    "formatAvailability": "dct:format",
    "mediaTypeAvailability": "dcat:mediaType",
    "licenceAvailability": "dct:license",
    "rightsAvailability": "dct:rights",
    "byteSizeAvailability": "dcat:byteSize",
    "dateIssuedAvailability": "dct:issued",
    "dateModifiedAvailability": "dct:modified",
}


def independent(
    graph: rdflib.Graph, links: dict[str, Link], conforms: bool, known: Vocabularies
) -> tuple[int, set[str], list[set[str]]]:
    """Return the points by the table, the metrics that the dataset meets, and each distribution."""

    def there(node: Any, path: str) -> list[str]:
        prefix, _, name = path.partition(":")
        predicate = {"dcat": DCAT, "dct": DCTERMS}[prefix][name]
        return sorted(map(str, graph.objects(node, predicate)))

    dataset = {metric for metric, path in _OWN.items() if there(DATASET, path)}
    rights = there(DATASET, "dct:accessRights")
    if rights and set(rights) <= known.rights:
        dataset.add("accessRightsVocabularyAlignment")
    if conforms:
        dataset.add("dcatApCompliance")
    parts = []
    for node in sorted(graph.objects(DATASET, DCAT.distribution), key=str):
        met = {metric for metric, path in _PARTS.items() if there(node, path)}
        for metric, path in (
            ("accessUrlStatusCode", "dcat:accessURL"),
            ("downloadUrlStatusCode", "dcat:downloadURL"),
        ):
            if any(links.get(url) is Link.OK for url in there(node, path)):
                met.add(metric)
        formats, media = set(there(node, "dct:format")), set(there(node, "dcat:mediaType"))
        types = {each.removeprefix(IANA) for each in media if each.startswith(IANA)}
        if (
            formats
            and media
            and formats <= known.types
            and all(each.startswith(IANA) and "/" in each.removeprefix(IANA) for each in media)
        ):
            met.add("formatMediaTypeVocabularyAlignment")
        if formats & known.open or types & _OPEN_MEDIA:
            met.add("formatMediaTypeNonProprietary")
        if formats & known.read or types & _READ_MEDIA:
            met.add("formatMediaTypeMachineInterpretable")
        if set(there(node, "dct:license")) & known.licences:
            met.add("knownLicence")
        parts.append(met)
    own = set(dataset)
    if not parts:  # as data.europa.eu's scorer does: then the dates of the dataset count
        own |= {m for m, p in list(_PARTS.items())[-2:] if there(DATASET, p)}
    best = max((sum(known.points[metric] for metric in met) for met in parts), default=0)
    return best + sum(known.points[metric] for metric in own), dataset, parts
