"""What of a dataset's record breaks DCAT-AP 3.0.1, said so that its publisher can mend it.

``lib.rdf.conformance`` finds it; here it becomes a finding: which resource it is of, which field of
the form it comes from, and what to write there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import Literal

from ckanext.municipal.feeds import conformance_rules as rules
from ckanext.municipal.feeds.form_fields import Field, field_of, form_label
from ckanext.municipal.lib.rdf.conformance import Violation, violations
from ckanext.municipal.lib.rdf.dcat_ap import DCAT_AP
from ckanext.municipal.lib.rdf.dcat_ap_hvd import DCAT_AP_HVD
from ckanext.municipal.lib.rdf.statements import Statement, Statements, Term, said
from ckanext.municipal.lib.texts import LANGUAGES, N_, texts
from ckanext.municipal.quality.findings import Finding, Place

Labels = Callable[[Field], Mapping[str, str] | None]

THE_DATASET = N_("The dataset")
RESOURCE = N_("Resource “{name}”")
_PARTS = "^dcat:accessService|^spdx:checksum"  # of a resource


def check(
    statements: Iterable[Statement], *, hvd: bool, labels: Labels = form_label
) -> list[Finding]:
    """Return what of one dataset's statements (triples or quads) breaks the profile, errors first.

    ``hvd`` tells whether it is a high-value dataset; ``labels`` gives a field of the form its label by
    language, ``None`` where the form does not have it. An error means that a rule is broken that
    DCAT-AP makes mandatory. ``values`` of a finding hold ``node`` and ``path`` beside its texts.
    """
    graph = Statements(statements)
    if not graph.of_class("dcat:Dataset") and not graph.of_class("dcat:DatasetSeries"):
        return [Finding(rules.NO_DATASET)]
    profiles = (DCAT_AP, DCAT_AP_HVD) if hvd else (DCAT_AP,)
    found: dict[tuple[str, ...], Finding] = {}
    for violation in violations(graph, *profiles):
        finding = _finding(graph, violation, labels)
        key = (finding.rule.id, finding.rule.severity, *finding.values.values())
        found.setdefault(tuple(map(str, key)), finding)
    return sorted(found.values(), key=lambda finding: finding.rule.severity)


def _finding(graph: Statements, violation: Violation, labels: Labels) -> Finding:
    path = violation.demand.path
    field = field_of(violation.of, path)
    label = labels(field) if field else None
    values = {
        "where": _where(graph, violation.node),
        "field": label or path,
        "value": violation.value,
        "count": violation.count,
        "example": rules.example(violation),
        "node": said(violation.node),
        "path": path,
    }
    rule = rules.rule_for(violation, fixable=label is not None)
    return Finding(rule, Place(field=field.name if field else ""), values)


def _where(graph: Statements, node: Term) -> Mapping[str, str]:
    """Return what a node is of, as a publisher knows it: the dataset, or a resource by its name."""
    of = [node, *graph.values(node, _PARTS)]
    resource = next((each for each in of if graph.has_class(each, ("dcat:Distribution",))), None)
    if resource is None:
        return texts(THE_DATASET)
    return texts(RESOURCE, name=_name(graph, resource))


def _name(graph: Statements, resource: Term) -> Mapping[str, str]:
    """Return a resource's title by language; in one that it is not told in, another one's, or its address."""
    titles = [each for each in graph.values(resource, "dct:title") if isinstance(each, Literal)]
    known = {each.language or "": each.value for each in titles}
    fallback = known.get("") or next(iter(known.values()), said(resource))
    return {language: known.get(language, fallback) for language in LANGUAGES}
