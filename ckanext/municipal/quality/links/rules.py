"""What a publisher is told about links: what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Finding, Place, Rule, Severity
from ckanext.municipal.quality.links.judging import Known
from ckanext.municipal.quality.score.facts import Distribution, Facts
from ckanext.municipal.quality.score.judging import Link

BROKEN = Rule(
    "link-broken",
    Severity.ERROR,
    N_("“{name}”: {url} did not answer three times. {reason}"),
    N_("Open the address in a browser, then correct it or have the server repaired."),
)
NO_HEAD = Rule(
    "link-no-head",
    Severity.WARNING,
    N_(
        "“{name}”: {url} answers readers (GET) and not programs that only ask whether it is there"
        " (HEAD). data.europa.eu asks so and takes it for broken."
    ),
    N_("Ask the owner of the server to answer HEAD as GET, or upload the file here."),
)
WEB_PAGE = Rule(
    "link-web-page",
    Severity.WARNING,
    N_("“{name}”: {url} should be a file ({declared}) and is a web page."),
    N_("Write the address of the file itself, as the page's own button has it."),
)
OTHER_TYPE = Rule(
    "link-other-type",
    Severity.NOTE,
    N_("“{name}”: {url} should be {declared} and its server says {told}."),
    N_("Choose the format that the file has, or have the server say the right type."),
)
OTHER_SIZE = Rule(
    "link-other-size",
    Severity.NOTE,
    N_("“{name}”: {url} has {told} bytes, the dataset says {declared}."),
    N_("Correct the size, or leave it empty."),
)
RULES = (BROKEN, NO_HEAD, WEB_PAGE, OTHER_TYPE, OTHER_SIZE)

_HTML = ("text/html", "application/xhtml+xml")
# What servers say of files that they know nothing about.
_ANY = ("application/octet-stream", "binary/octet-stream", "application/force-download")
_ANY += ("application/x-download", "application/download", "text/plain")
# Other names of the same, as servers have them.
_SAME = (
    {"application/xml", "text/xml"},
    {"text/csv", "application/csv", "application/vnd.ms-excel"},
    {"application/zip", "application/x-zip-compressed"},
    {"application/geo+json", "application/vnd.geo+json", "application/json"},
    {"application/ld+json", "application/json"},
    {"application/gzip", "application/x-gzip"},
    {"application/rss+xml", "application/xml", "text/xml"},
    {"application/vnd.google-earth.kml+xml", "application/xml", "text/xml"},
)


def findings(facts: Facts, known: Mapping[str, Known]) -> list[Finding]:
    """Return what is wrong with the links of a dataset, each address of a distribution once."""
    return [each for part in facts.distributions for each in _of_distribution(part, known)]


def _of_distribution(part: Distribution, known: Mapping[str, Known]) -> Iterator[Finding]:
    for url in dict.fromkeys((*part.download, *part.access)):
        link = known.get(url)
        if link is None:
            continue
        place = Place(field="download_url" if url in part.download else "url")
        values = {"name": part.names, "url": url, "reason": link.reason or ""}
        if link.state is Link.BROKEN:
            yield Finding(BROKEN, place, values)
            continue
        if link.state is Link.NO_HEAD:
            yield Finding(NO_HEAD, place, values)
        if url in part.download:
            yield from _declared(part, link, place, values)


def _declared(
    part: Distribution, link: Known, place: Place, values: Mapping[str, object]
) -> Iterator[Finding]:
    """What the address of a file gives, beside what the dataset says of it."""
    declared = part.media_types
    if declared and link.type and not _fits(link.type, declared):
        rule = WEB_PAGE if link.type in _HTML else OTHER_TYPE
        yield Finding(rule, place, {**values, "declared": declared[0], "told": link.type})
    if part.size and link.size is not None and link.size != part.size:
        yield Finding(
            OTHER_SIZE, place, {**values, "declared": str(part.size), "told": str(link.size)}
        )


def _fits(told: str, declared: tuple[str, ...]) -> bool:
    if told in declared or told in _ANY:
        return True
    return any(told in same and same.intersection(declared) for same in _SAME)
