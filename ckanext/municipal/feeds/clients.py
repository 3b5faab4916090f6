"""What kind of program asks, told from its User-Agent header. Pure; nothing else of it is kept."""

from __future__ import annotations

import re

from ckanext.municipal.lib.texts import N_

UNKNOWN = N_("Other programs")

# The first that fits; harvesters before the libraries that they are made of, robots before browsers.
_KINDS = (
    ("data.europa.eu", r"european data portal|data\.europa\.eu|piveau|vert\.x"),
    ("data.gov.gr", r"data\.gov\.gr"),
    (N_("Other CKAN portals"), r"ckan"),
    ("udata", r"udata"),
    (N_("LDES clients"), r"ldes|rdf-connect|treecg"),
    (N_("OAI-PMH clients"), r"oai|metha|sickle|scythe"),
    (N_("Search engines and robots"), r"bot\b|crawl|spider|slurp|archiver"),
    (N_("Command line"), r"^(curl|wget|httpie)"),
    ("Python", r"python|urllib|httpx|aiohttp|rdflib"),
    ("Java", r"java|apache-httpclient|okhttp|jena"),
    ("JavaScript", r"node|undici|axios|got/|deno|bun/"),
    ("R", r"\bhttr|libcurl|r-curl"),
    ("Go", r"go-http-client"),
    (N_("Browsers"), r"mozilla|opera"),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in _KINDS)
KINDS = (*(kind for kind, _ in _KINDS), UNKNOWN)


def kind(user_agent: str) -> str:
    """Return one of `KINDS`; names of software are themselves, the others are msgids."""
    known = (name for name, pattern in _PATTERNS if pattern.search(user_agent[:300]))
    return next(known, UNKNOWN)
