"""JSON-LD contexts that are known here; no other is read, least of all from where a document says."""

from __future__ import annotations

import copy
from typing import Any

from ckanext.municipal.lib.rdf.limits import RdfRefused
from ckanext.municipal.lib.texts import N_


class ContextRefused(RdfRefused):
    """A JSON-LD document that wants a context which is not known here."""


_SCHEMA = "http://schema.org/"
# The one context that published catalogues commonly refer to: schema.org's, as far as a dataset's
# description goes. Its terms are of one vocabulary; those named here hold addresses, not texts.
_SCHEMA_CONTEXT = {
    "@vocab": _SCHEMA,
    "schema": _SCHEMA,
    "id": "@id",
    "type": "@type",
    **{
        term: {"@id": _SCHEMA + term, "@type": "@id"}
        for term in ("contentUrl", "image", "license", "sameAs", "url")
    },
}
_KNOWN = frozenset({"schema.org", "www.schema.org", "schema.org/docs/jsonldcontext.jsonld"})


def local_context(url: Any, *_args: Any, **_options: Any) -> tuple[dict[str, Any], None]:
    """Return the context of a URL from those known here, in the shape rdflib expects.

    A copy: rdflib writes into what it is given. Raises ``ContextRefused`` for any other.
    """
    name = str(url).partition("#")[0].rstrip("/")
    scheme, _, rest = name.partition("://")
    if scheme.lower() not in ("http", "https") or rest.lower() not in _KNOWN:
        raise ContextRefused(
            N_("The JSON-LD wants a context that is not part of it. Write its terms into it.")
        )
    return {"@context": copy.deepcopy(_SCHEMA_CONTEXT)}, None
