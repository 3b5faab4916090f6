"""What is measured of a dataset as RDF: a graph of quality metadata by the W3C's Data Quality Vocabulary.

https://www.w3.org/TR/vocab-dqv/; metrics are those of the piveau vocabulary, which data.europa.eu
measures by. The graph has an address of its own, to which the dataset's record leads: a check of a
link changes the graph and not the record, which every harvester would copy again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.municipal.lib.rdf import fragments
from ckanext.municipal.lib.rdf.fragments import PREFIXES
from ckanext.municipal.lib.texts import N_, texts
from ckanext.municipal.quality.keeping import Kept
from ckanext.municipal.quality.links.judging import Known
from ckanext.municipal.quality.score.judging import Link, State, States
from ckanext.municipal.quality.score.metrics import METRICS
from ckanext.municipal.quality.score.points import score

POINTS = N_("Points of the metadata by the 23 criteria of the European data portal, 405 at most")

DQV = PREFIXES["dqv"]
PIVEAU = PREFIXES["pv"]
HAS_METADATA = DQV + "hasQualityMetadata"
METADATA = DQV + "QualityMetadata"
_RDF_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_XSD = PREFIXES["xsd"]

FORMS = {
    "ttl": ("turtle", "text/turtle; charset=utf-8"),
    "rdf": ("rdfxml", "application/rdf+xml; charset=utf-8"),
    "jsonld": ("jsonld", "application/ld+json"),
    "nt": ("ntriples", "application/n-triples; charset=utf-8"),
}
"""Form and media type of a graph by the ending of its address."""

_ADDRESSES = {"accessUrlStatusCode": "access", "downloadUrlStatusCode": "download"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A dataset by its URI, what is kept of it and since when, and the address that its graph has.

    ``metric`` is the address of the metric that the points are of: no vocabulary has one.
    """

    uri: str
    address: str
    metric: str
    kept: Kept
    changed: datetime


def document(measured: Measured, form: str) -> bytes:
    """Return the graph of a dataset's measurements in a form of `FORMS`: the same while it says the same."""
    said = sorted(graph(measured), key=str)
    name = FORMS[form][0]
    return fragments.document(name, [fragments.fragment(name, said)])


def graph(measured: Measured) -> Iterator[Triple]:
    """Yield what the graph says: every metric that is known, of the dataset and each distribution, and the points."""
    whole, dataset = NamedNode(measured.address), NamedNode(measured.uri)
    yield Triple(whole, _RDF_TYPE, NamedNode(METADATA))
    moment = Literal(measured.changed.isoformat(), datatype=NamedNode(_XSD + "dateTime"))
    yield Triple(whole, NamedNode(PREFIXES["prov"] + "generatedAtTime"), moment)
    yield Triple(dataset, NamedNode(HAS_METADATA), whole)
    judged, facts = measured.kept.judged, measured.kept.facts
    yield from _of(measured, measured.uri, "", _values(judged.dataset, {}))
    for place, (part, states) in enumerate(
        zip(facts.distributions, judged.distributions, strict=True), 1
    ):
        answers = {
            name: _answer(getattr(part, addresses), measured.kept.links)
            for name, addresses in _ADDRESSES.items()
        }
        yield from _of(measured, part.uri, f"-{place}", _values(states, answers))
    metric = NamedNode(measured.metric)
    yield Triple(metric, _RDF_TYPE, NamedNode(DQV + "Metric"))
    yield Triple(metric, NamedNode(DQV + "expectedDataType"), NamedNode(_XSD + "integer"))
    for language, text in texts(POINTS).items():
        yield Triple(
            metric, NamedNode(PREFIXES["skos"] + "definition"), Literal(text, language=language)
        )
    points = {measured.metric: Literal(score(judged).points)}
    yield from _of(measured, measured.uri, "", points)


def _of(
    measured: Measured, uri: str, ending: str, values: Mapping[str, Literal]
) -> Iterator[Triple]:
    """Yield the measurements of one thing."""
    about = NamedNode(uri)
    for metric, value in values.items():
        name = metric.rpartition("#")[2]
        one = NamedNode(f"{measured.address}#{name}{ending}")
        yield Triple(about, NamedNode(DQV + "hasQualityMeasurement"), one)
        yield Triple(one, _RDF_TYPE, NamedNode(DQV + "QualityMeasurement"))
        yield Triple(one, NamedNode(DQV + "computedOn"), about)
        yield Triple(one, NamedNode(DQV + "isMeasurementOf"), NamedNode(metric))
        yield Triple(one, NamedNode(DQV + "value"), value)


def _values(states: States, answers: Mapping[str, int | None]) -> dict[str, Literal]:
    """Return the value of each metric that is known: a status of HTTP of a link, else whether it is met."""
    found = {}
    for name, state in states.items():
        status = answers.get(name)
        if name in answers:
            value = None if status is None else Literal(status)
        else:
            value = Literal(state is State.MET) if state in (State.MET, State.UNMET) else None
        if value is not None and name in METRICS:
            found[PIVEAU + name] = value
    return found


def _answer(urls: tuple[str, ...], links: Mapping[str, Known]) -> int | None:
    """Return the best status that some addresses answered HEAD with; None where none did."""
    asked = [known for url in urls if (known := links.get(url))]
    told = [each.status for each in asked if each.status and each.state is not Link.NO_HEAD]
    return min(told, default=None)
