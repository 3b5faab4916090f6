"""RDF profile ``municipal_dcat_ap``: ckanext-dcat's DCAT-AP 3 over datasets as ``dcat`` describes them."""

from __future__ import annotations

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
    SKOS,
    EuropeanDCATAP3Profile,
)
from ckanext.dcat.utils import publisher_uri_organization_fallback
from rdflib import Literal, URIRef

from ckanext.municipal.portal import config, dcat, themes, vocabularies

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


class MunicipalDCATAPProfile(EuropeanDCATAP3Profile):
    """DCAT-AP 3.0.1 with authority URIs, names by language and inherited licences."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> None:
        """Add the triples of one dataset as ``package_show`` gives it."""
        said = dcat.described(
            dataset_dict,
            _vocabulary,
            department=self._department(dataset_dict),
            department_uri=publisher_uri_organization_fallback(dataset_dict) or "",
            themes=_themes(),
        )
        super().graph_from_dataset(said, dataset_ref)
        for keyword in dcat.loose_keywords(said):
            self.g.add((dataset_ref, DCAT.keyword, Literal(keyword)))
        for distribution in self.g.objects(dataset_ref, DCAT.distribution):
            self._type_licence(distribution)
            for service in self.g.objects(distribution, DCAT.accessService):
                self._complete_service(service, dataset_ref)
        self._label_concepts(dataset_ref)

    def _type_licence(self, distribution: Any) -> None:
        """Say what kind of licence it is, instead of ckanext-dcat's "unknown" for every licence."""
        for licence in list(self.g.objects(distribution, DCT.license)):
            self.g.remove((licence, DCT.type, _UNKNOWN_LICENCE))
            concept = _vocabulary("licence").get(str(licence))
            for kind in concept.list("terms") if concept else ():
                self.g.add((licence, DCT.type, URIRef(kind)))
                self._label(URIRef(kind), "licence-type")

    def _complete_service(self, service: Any, dataset: Any) -> None:
        """Let a data service say what its dataset says, where it says nothing itself."""
        for predicate in _OF_SERVICES:
            if (service, predicate, None) not in self.g:
                for value in list(self.g.objects(dataset, predicate)):
                    self.g.add((service, predicate, value))
        if (service, DCAT.servesDataset, None) not in self.g:
            self.g.add((service, DCAT.servesDataset, dataset))
        for standard in list(self.g.objects(service, DCT.conformsTo)):
            if isinstance(standard, URIRef):
                self.g.add((standard, RDF.type, DCT.Standard))
        if (service, FOAF.page, None) not in self.g:
            for page in list(self.g.objects(service, DCAT.landingPage)):
                self.g.add((service, FOAF.page, page))
                self.g.add((page, RDF.type, FOAF.Document))

    def _label_concepts(self, dataset: Any) -> None:
        """Label each controlled value in every language, as the range shapes want it."""
        nodes = [dataset, *self.g.objects(dataset, DCT.publisher)]
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
