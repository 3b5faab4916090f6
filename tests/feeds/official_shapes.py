"""The official SHACL files as a reader of ours sees them: their constraints one by one, their verdicts as sets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from rdflib import BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection

from ckanext.municipal.lib.rdf.demands import PREFIXES

SH = Namespace("http://www.w3.org/ns/shacl#")
DCAT_AP = ("dcat-ap-3.0.1/html-shacl/shapes.ttl", "dcat-ap-3.0.1/html-shacl/range.ttl")
HVD = ("dcat-ap-hvd-3.0.0/hvd-SHACL-full.ttl",)

Constraint = tuple[str, str, str, str]
"""Class, path, parameter of SHACL, its value: ``("dcat:Dataset", "dct:title", "minCount", "1")``."""


@cache
def shapes(folder: Path, *files: str) -> Graph:
    """Return the shapes of several files as one graph."""
    graph = Graph()
    for file in files:
        graph.parse(folder / "shapes" / file)
    return graph


def constraints(graph: Graph) -> set[Constraint]:
    """Return every constraint on a property of a class that a graph of shapes holds."""
    found: set[Constraint] = set()
    for shape, target in graph.subject_objects(SH.targetClass):
        for way in graph.objects(shape, SH.property):
            path = graph.value(way, SH.path)
            if path is not None:
                found |= {
                    (name(target), told(graph, path), *each) for each in _parameters(graph, way)
                }
        found |= {(name(target), *each) for each in _either(graph, shape)}
    return found


def _parameters(graph: Graph, way: Any) -> Iterator[tuple[str, str]]:
    warned = graph.value(way, SH.severity) == SH.Warning
    for predicate, value in graph.predicate_objects(way):
        parameter = str(predicate).removeprefix(str(SH))
        if parameter in {"minCount", "maxCount", "nodeKind", "class", "datatype", "hasValue"}:
            yield parameter, name(value)
        elif parameter in {"node", "shape"}:
            yield parameter, str(value).rpartition("#")[2]
        else:
            continue
        if warned:
            yield "severity", "Warning"


def _either(graph: Graph, shape: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what a shape demands of several properties together: that one of them is there."""
    ways = graph.value(shape, SH["or"])
    if ways is not None:
        paths = [graph.value(way, SH.path) for way in Collection(graph, ways)]
        alternatives = "|".join(told(graph, path) for path in paths)
        yield alternatives, "minCount", "1"
        if graph.value(shape, SH.severity) == SH.Warning:
            yield alternatives, "severity", "Warning"


def told(graph: Graph, path: Any) -> str:
    """Return a path of SHACL as ``Demand`` writes it."""
    if not isinstance(path, BNode):
        return name(path)
    inverse = graph.value(path, SH.inversePath)
    if inverse is not None:
        return "^" + name(inverse)
    ways = graph.value(path, SH.alternativePath)
    if ways is not None:
        return "|".join(told(graph, way) for way in Collection(graph, ways))
    return "/".join(told(graph, step) for step in Collection(graph, path))


def name(term: Any) -> str:
    """Return an IRI as a prefixed name."""
    for prefix, namespace in PREFIXES.items():
        if isinstance(term, URIRef) and term.startswith(namespace):
            return f"{prefix}:{term.removeprefix(namespace)}"
    return str(term).removeprefix(str(SH))


def verdict(data: Graph, folder: Path, *files: str) -> set[tuple[str, str, str]]:
    """Return what pySHACL finds: node, path, and whether it is about the number of values or about one.

    Warnings are left out.
    """
    import pyshacl

    graph = shapes(folder, *files)
    _conforms, report, _text = pyshacl.validate(data, shacl_graph=graph, allow_warnings=True)
    assert isinstance(report, Graph)
    return {
        _result(graph, report, result)
        for result in report.objects(None, SH.result)  # not the details of one
        if report.value(result, SH.resultSeverity) == SH.Violation
    }


def _result(graph: Graph, report: Graph, result: Any) -> tuple[str, str, str]:
    node = str(report.value(result, SH.focusNode))
    component = str(report.value(result, SH.sourceConstraintComponent)).removeprefix(str(SH))
    about = {
        "MinCountConstraintComponent": "least",
        "OrConstraintComponent": "least",
        "HasValueConstraintComponent": "least",
        "MaxCountConstraintComponent": "most",
    }
    path = report.value(result, SH.resultPath)
    if path is None:
        shape = report.value(result, SH.sourceShape)
        (alternatives, *_) = next(_either(graph, shape))
        return node, alternatives, "least"
    source = path if isinstance(path, URIRef) else _source_path(graph, report, result)
    return node, told(graph, source), about.get(component, "value")


def _source_path(graph: Graph, report: Graph, result: Any) -> Any:
    return graph.value(report.value(result, SH.sourceShape), SH.path)
