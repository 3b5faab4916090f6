"""One dataset's finished record: its graph, what is wrong with it, and how it is said in each form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import ckan.plugins.toolkit as tk
import rdflib
from ckanext.dcat.processors import RDFSerializer
from pyoxigraph import NamedNode, Triple

from ckanext.municipal.feeds import conformance, oai_dc, rules, triples
from ckanext.municipal.lib.rdf import fragments
from ckanext.municipal.lib.rdf.fragments import EU_THEMES, PREFIXES, RDF
from ckanext.municipal.lib.texts import texts
from ckanext.municipal.quality.findings import Finding, Severity

_HVD = (PREFIXES["dcatap"] + "hvdCategory", PREFIXES["dcatap"] + "applicableLegislation")
_REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"


@dataclass(frozen=True, slots=True)
class Made:
    """A record: what lists are filtered by, how each form says it, and what was found in it.

    ``payloads`` are the fragments of a feed by form, and ``oai_dc``; ``dataset`` is what it was made of.
    """

    uri: str
    organization: str | None
    groups: tuple[str, ...]
    themes: tuple[str, ...]
    hvd: bool
    kind: str
    payloads: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    dataset: Mapping[str, Any]

    @property
    def conforms(self) -> bool:
        """Return whether no mandatory rule is broken."""
        return all(finding.rule.severity != Severity.ERROR for finding in self.findings)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of everything that clients can see of it."""
        seen = sha256(repr((self.uri, self.filters)).encode())
        for name in sorted(self.payloads):
            seen.update(self.payloads[name])
        return seen.hexdigest()

    @property
    def filters(self) -> dict[str, Any]:
        """Return what lists are filtered by, as the table has it."""
        return {
            "organization": self.organization,
            "groups": list(self.groups),
            "themes": list(self.themes),
            "hvd": self.hvd,
            "kind": self.kind,
        }


def make(dataset: Mapping[str, Any]) -> Made:
    """Return the record of a dataset as ``package_show`` gives it.

    Raises rules.Unsayable where there is no way to say it; whatever a profile raises comes through.
    """
    serializer: Any = copy(_serializer(tk.config.get("ckanext.dcat.rdf.profiles")))
    serializer.g = rdflib.Graph(bind_namespaces="none")
    uri = str(serializer.graph_from_dataset(dict(dataset)))
    said = triples.of_graph(serializer.g, uri)
    hvd = _is_hvd(said.triples, said.subject)
    statements: Any = said.triples  # none of them is about a triple, as RDF 1.2 would allow
    return Made(
        uri=said.subject,
        organization=(dataset.get("organization") or {}).get("name"),
        groups=tuple(sorted(group["name"] for group in dataset.get("groups") or ())),
        themes=tuple(sorted(_themes(said.triples, said.subject))),
        hvd=hvd,
        kind="series" if _is_series(said.triples, said.subject) else "dataset",
        payloads={**_written(said.triples), "oai_dc": oai_dc.record(said.subject, said.triples)},
        findings=(*conformance.check(statements, hvd=hvd), *said.findings),
        dataset=dataset,
    )


@lru_cache(maxsize=1)
def _serializer(_profiles: str | None) -> RDFSerializer:
    """Loaded once: to find a profile every installed package is looked at, which takes as long as all the rest."""
    return RDFSerializer()


def told(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return findings as the table keeps them, texts in every language."""
    return [
        {
            "rule": finding.rule.id,
            "severity": finding.rule.severity.value,
            "field": finding.place.field,
            "message": texts(finding.rule.message, **finding.values),
            "remedy": texts(finding.rule.remedy, **finding.values),
        }
        for finding in findings
    ]


def _written(said: Sequence[Triple]) -> dict[str, bytes]:
    """Return the fragment of each form, read back. Raises rules.Unsayable naming the form."""
    written = {}
    for form in fragments.FORMS:
        try:
            written[form] = fragments.fragment(form, said)
            fragments.verify(form, written[form], said)
        except ValueError as error:
            raise rules.Unsayable(Finding(rules.NOT_WRITTEN, values={"form": form})) from error
    return written


def _is_hvd(said: Sequence[Triple], uri: str) -> bool:
    return any(
        predicate == _HVD[0] or (predicate == _HVD[1] and value == _REGULATION)
        for predicate, value in _links(said, uri)
    )


def _is_series(said: Sequence[Triple], uri: str) -> bool:
    return (RDF + "type", PREFIXES["dcat"] + "DatasetSeries") in set(_links(said, uri))


def _themes(said: Sequence[Triple], uri: str) -> Iterator[str]:
    for predicate, value in _links(said, uri):
        if predicate == PREFIXES["dcat"] + "theme" and value.startswith(f"{EU_THEMES}/"):
            yield value


def _links(said: Sequence[Triple], uri: str) -> Iterator[tuple[str, str]]:
    """Yield property and IRI of what a node points to."""
    subject = NamedNode(uri)
    for triple in said:
        if triple.subject == subject and isinstance(triple.object, NamedNode):
            yield triple.predicate.value, triple.object.value
