"""The catalogue itself in the feeds: who publishes it, what it is, under which licence; from city.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ckanext.dcat.utils import catalog_uri
from pyoxigraph import Literal, NamedNode, Triple

from ckanext.municipal.feeds import triples
from ckanext.municipal.lib.rdf import fragments
from ckanext.municipal.lib.rdf.fragments import EU_THEMES, PREFIXES
from ckanext.municipal.lib.texts import LANGUAGES, N_, text
from ckanext.municipal.portal import city, config, vocabularies

_KIND = "http://purl.org/adms/publishertype/LocalAuthority"
_THEMES_TITLE = N_("EU themes of datasets")

_Term = NamedNode | Literal


def uri() -> str:
    """Return the catalogue's URI."""
    return triples.iri(catalog_uri()) or catalog_uri()


def fragment(form: str, datasets: Iterable[str] = ()) -> bytes:
    """Return what a document of a form says of the catalogue; ``datasets`` are URIs it links to."""
    links = (Triple(NamedNode(uri()), _name("dcat:dataset"), NamedNode(each)) for each in datasets)
    return fragments.fragment(form, [*_catalogue(), *links, *_others()])


def _catalogue() -> Iterator[Triple]:
    ours = city.load(config.city_file())
    said: list[tuple[str, _Term]] = [("rdf:type", _name("dcat:Catalog"))]
    said += [("dct:title", each) for each in _texts(ours.portal_title)]
    said += [("dct:description", each) for each in _texts(ours.portal_description)]
    said += [
        ("dct:publisher", NamedNode(_publisher())),
        ("dct:license", NamedNode(ours.portal_licence)),
        ("foaf:homepage", NamedNode(_homepage())),
        ("dcat:themeTaxonomy", NamedNode(EU_THEMES)),
    ]
    said += [("dct:language", NamedNode(language)) for language in _languages(ours)]
    yield from _about(uri(), said)


def _others() -> Iterator[Triple]:
    """Yield what is said of whom the catalogue points to, as far as DCAT-AP wants to know it."""
    ours = city.load(config.city_file())
    site = triples.iri(ours.homepage)
    agent: list[tuple[str, _Term]] = [("rdf:type", _name("foaf:Agent"))]
    agent += [("foaf:name", each) for each in _texts(ours.name)]
    agent += [("foaf:homepage", NamedNode(site))] if site else []
    agent += [("dct:type", NamedNode(_KIND))]
    yield from _about(_publisher(), agent)
    yield from _about(_homepage(), [("rdf:type", _name("foaf:Document"))])
    if site and site != _homepage():
        yield from _about(site, [("rdf:type", _name("foaf:Document"))])
    yield from _about(ours.portal_licence, [("rdf:type", _name("dct:LicenseDocument"))])
    for language in _languages(ours):
        yield from _about(language, [("rdf:type", _name("dct:LinguisticSystem"))])
    yield from _concept(_KIND)
    titles = {language: text(_THEMES_TITLE, language) for language in LANGUAGES}
    scheme: list[tuple[str, _Term]] = [("rdf:type", _name("skos:ConceptScheme"))]
    yield from _about(EU_THEMES, scheme + [("dct:title", each) for each in _texts(titles)])


def _concept(of: str) -> Iterator[Triple]:
    known = vocabularies.load("publisher-type", config.vocabularies_folder()).get(of)
    labels = _texts(known.labels if known else {})
    said: list[tuple[str, _Term]] = [("rdf:type", _name("skos:Concept"))]
    yield from _about(of, said + [("skos:prefLabel", label) for label in labels])


def _publisher() -> str:
    return f"{uri().rstrip('/')}/#publisher"


def _homepage() -> str:
    """The portal's own front page, which is not the catalogue but a page about it."""
    return f"{uri().rstrip('/')}/dataset/"


def _languages(ours: city.City) -> list[str]:
    known = vocabularies.load("language", config.vocabularies_folder())
    return [concept.uri for code in ours.languages if (concept := known.find(code))]


def _texts(said: Mapping[str, str]) -> list[Literal]:
    return [Literal(triples.clean(value), language=language) for language, value in said.items()]


def _about(subject: str, said: Iterable[tuple[str, _Term]]) -> Iterator[Triple]:
    for predicate, value in said:
        yield Triple(NamedNode(subject), _name(predicate), value)


def _name(prefixed: str) -> NamedNode:
    prefix, _, name = prefixed.partition(":")
    return NamedNode(PREFIXES[prefix] + name)
