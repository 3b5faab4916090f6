"""RDF profile ``municipal_dqv``: a dataset's record leads to what is measured of it."""

from __future__ import annotations

from typing import Any

from ckanext.dcat.profiles import RDF, RDFProfile
from rdflib import URIRef

from ckanext.municipal.portal.config import site_url
from ckanext.municipal.quality import dqv


def address(dataset_id: str) -> str:
    """Return the address of the graph of a dataset's measurements."""
    return f"{site_url()}/quality/dataset/{dataset_id}.ttl"


def metric() -> str:
    """Return the address that stands for the points as a metric."""
    return f"{site_url()}/quality#points"


class MunicipalDQVProfile(RDFProfile):
    """Quality metadata of the Data Quality Vocabulary, on top of whatever other profiles say."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """Add the address of the dataset's quality metadata."""
        whole = URIRef(address(dataset_dict["id"]))
        self.g.add((dataset_ref, URIRef(dqv.HAS_METADATA), whole))
        self.g.add((whole, RDF.type, URIRef(dqv.METADATA)))
