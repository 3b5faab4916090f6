"""RDF profile ``municipal_dcat_ap``: ckanext-dcat's DCAT-AP 3 over datasets as ``dcat`` describes them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

import ckan.plugins.toolkit as tk
from ckanext.dcat.profiles import (
    ADMS,
    DCAT,
    DCATAP,
    DCT,
    FOAF,
    RDF,
    RDFS,
    SKOS,
    EuropeanDCATAP3Profile,
)
from ckanext.dcat.utils import publisher_uri_organization_fallback
from rdflib import BNode, Literal, URIRef

from ckanext.municipal.lib.rdf.dcat_ap_hvd import CATEGORIES
from ckanext.municipal.portal import city, config, dcat, dcat_read, themes, vocabularies
from ckanext.municipal.portal.rdf_values import settle
from ckanext.municipal.portal.series import Series, series_of

# ckanext-dcat keeps organisations for the life of the process; ours are read once a graph, so that a
# department renamed is renamed in the next feed.
_departments: WeakKeyDictionary[Any, dict[str, dict[str, Any] | None]] = WeakKeyDictionary()

_UNKNOWN_LICENCE = URIRef("http://purl.org/adms/licencetype/UnknownIPR")
_CONCEPTS = {
    ADMS.status: "distribution-status",
    DCAT.theme: "data-theme",
    DCATAP.availability: "planned-availability",
    DCATAP.hvdCategory: "hvd-category",
    DCT.type: "publisher-type",
}
_OF_SERVICES = (
    DCAT.contactPoint,
    DCAT.keyword,
    DCAT.theme,
    DCATAP.applicableLegislation,
    DCATAP.hvdCategory,
    DCT.accessRights,
    DCT.publisher,
    FOAF.page,
)
# A series may have one publisher, and its members may have several: none is told.
_OF_SERIES = (DCAT.contactPoint, DCATAP.applicableLegislation, DCATAP.hvdCategory)


class MunicipalDCATAPProfile(EuropeanDCATAP3Profile):
    """DCAT-AP 3.0.1 with authority URIs, names by language and inherited licences."""

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> dict[str, Any]:
        """Return what a graph says of a dataset as the fields of our forms."""
        parsed = super().parse_dataset(dataset_dict, dataset_ref)
        self._read_keywords(parsed, dataset_ref)
        self._read_other_identifiers(parsed, dataset_ref)
        schema = self._dataset_schema or {}
        dcat_read.as_form(
            parsed,
            _vocabulary,
            schema.get("dataset_fields", ()),
            schema.get("resource_fields", ()),
            languages=schema.get("form_languages", ()),
        )
        return parsed

    def _read_keywords(self, parsed: dict[str, Any], dataset: Any) -> None:
        """Read keywords by language, and those of none apart; ckanext-dcat makes them the default one's."""
        if "tags_translated" in parsed:
            said = self.g.objects(dataset, DCAT.keyword)
            words = ((str(word), getattr(word, "language", None)) for word in said)
            by_language, loose = dcat_read.tags(words)
            parsed["tags_translated"] = by_language
            every = {*loose, *chain.from_iterable(by_language.values())}
            parsed["tags"] = [{"name": word} for word in sorted(every)]

    def _read_other_identifiers(self, parsed: dict[str, Any], dataset: Any) -> None:
        """Read identifiers by what their nodes note; ckanext-dcat reads the names of the nodes."""
        nodes = list(self.g.objects(dataset, ADMS.identifier))
        noted = [self.g.value(node, SKOS.notation) for node in nodes]
        named = [str(node) for node in nodes if not isinstance(node, BNode)]
        found = [str(value) for value in noted if value] or named
        if found:
            parsed["alternate_identifier"] = sorted(found)

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> None:
        """Add the triples of one dataset as ``package_show`` gives it."""
        site_url = str(tk.config["ckan.site_url"])
        said = dcat.described(
            dataset_dict,
            _vocabulary,
            department=self._department(dataset_dict),
            department_uri=publisher_uri_organization_fallback(dataset_dict) or "",
            themes=_themes(),
            site_url=site_url,
        )
        super().graph_from_dataset(said, dataset_ref)
        # Since version 3 DCAT has a property of its own for it; this one wants whole datasets.
        self.g.remove((dataset_ref, DCT.hasVersion, None))
        for keyword in dcat.loose_keywords(said):
            self.g.add((dataset_ref, DCAT.keyword, Literal(keyword)))
        for distribution in self.g.objects(dataset_ref, DCAT.distribution):
            self._describe_licence(distribution)
            for service in self.g.objects(distribution, DCAT.accessService):
                self._complete_service(service, distribution, dataset_ref)
        series = series_of(said, site_url)
        if series:
            self._add_series(dataset_ref, series)
        self._label_concepts(dataset_ref)
        settle(self.g, dataset_ref, hvd=said.get("hvd") == "true")

    def _describe_licence(self, distribution: Any) -> None:
        """Say what kind of licence it is, instead of ckanext-dcat's "unknown", and where its text is."""
        for licence in list(self.g.objects(distribution, DCT.license)):
            self.g.remove((licence, DCT.type, _UNKNOWN_LICENCE))
            concept = _vocabulary("licence").get(str(licence))
            if concept and concept.facts.get("url"):
                self.g.add((licence, RDFS.seeAlso, URIRef(concept.facts["url"])))
            for kind in concept.list("terms") if concept else ():
                self.g.add((licence, DCT.type, URIRef(kind)))
                self._label(URIRef(kind), "licence-type")

    def _complete_service(self, service: Any, distribution: Any, dataset: Any) -> None:
        """Let a data service say what its dataset and distribution say, where it says nothing itself.

        Who is asked about it is the portal's own team where nobody is named.
        """
        self._inherit(service, dataset, _OF_SERVICES)
        if (service, DCAT.contactPoint, None) not in self.g:
            asked = city.load(config.city_file()).contact
            told = {"name_translated": dict(asked.name), "email": asked.email, "url": asked.url}
            self._add_contact_to_graph(service, DCAT.contactPoint, told)
        if (service, DCT.rights, None) not in self.g:
            self._inherit(service, distribution, (DCT.license, DCT.rights))
        if (service, DCAT.servesDataset, None) not in self.g:
            self.g.add((service, DCAT.servesDataset, dataset))
        if (service, FOAF.page, None) not in self.g:
            for page in list(self.g.objects(service, DCAT.landingPage)):
                self.g.add((service, FOAF.page, page))

    def _inherit(self, node: Any, source: Any, predicates: Iterable[Any]) -> None:
        """Copy the values of properties that a node has none of."""
        for predicate in predicates:
            if (node, predicate, None) not in self.g:
                for value in list(self.g.objects(source, predicate)):
                    self.g.add((node, predicate, value))

    def _add_series(self, dataset: Any, series: Series) -> None:
        """Tell the series in every member's record, which has to say all that it refers to."""
        node = URIRef(series.uri)
        self.g.add((dataset, DCAT.inSeries, node))
        self.g.add((node, RDF.type, DCAT.DatasetSeries))
        for predicate, texts in ((DCT.title, series.title), (DCT.description, series.description)):
            for language, text in texts.items():
                self.g.add((node, predicate, Literal(text, lang=language)))
        self._inherit(node, dataset, _OF_SERIES)

    def _label_concepts(self, dataset: Any) -> None:
        """Label each controlled value in every language, as the range shapes want it."""
        agents = (DCT.publisher, DCT.creator)
        nodes = [dataset, *(node for each in agents for node in self.g.objects(dataset, each))]
        nodes.extend(self.g.objects(dataset, DCAT.distribution))
        for node in nodes:
            for predicate, vocabulary in _CONCEPTS.items():
                for value in list(self.g.objects(node, predicate)):
                    self._label(value, vocabulary)

    def _label(self, value: Any, vocabulary: str) -> None:
        concept = _vocabulary(vocabulary).get(str(value))
        if concept:
            self.g.add((value, RDF.type, SKOS.Concept))
            for language, label in concept.labels.items():
                self.g.add((value, SKOS.prefLabel, Literal(label, lang=language)))
            if vocabulary == "hvd-category":
                self.g.add((value, SKOS.inScheme, URIRef(CATEGORIES)))

    def _department(self, dataset: dict[str, Any]) -> dict[str, Any] | None:
        """Return the organisation of a dataset as shown, once for all its datasets in a feed."""
        found = (dataset.get("organization") or {}).get("id")
        if not found:
            return None
        known = _departments.setdefault(self.g, {})
        if found not in known:
            try:
                known[found] = tk.get_action("organization_show")(
                    {"ignore_auth": True},
                    {"id": found, "include_users": False, "include_dataset_count": False},
                )
            except tk.ObjectNotFound:
                known[found] = None
        return known[found]


def _vocabulary(name: str) -> vocabularies.Vocabulary:
    return vocabularies.load(name, config.vocabularies_folder())


def _themes() -> dict[str, str]:
    return {theme.name: theme.eu_theme for theme in themes.load(config.themes_file())}
