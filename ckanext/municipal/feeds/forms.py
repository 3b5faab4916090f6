"""The forms of RDF that a feed is written in, and which of them a reader wants. Pure.

A form has the name of its column in the table of records. Turtle is also valid N3, so that the
address ending in ``n3``, which harvesters may know, is answered with the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept

from ckanext.municipal.feeds.refusals import Fault, Refused
from ckanext.municipal.lib.texts import N_

HTML = "text/html"

_NO_FORM = N_("There is no {name} of this. There are: {names}.")
_NOT_ACCEPTABLE = N_("None of the media types asked for is written here. There are: {names}.")


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write RDF: ``name`` as records have it, media type, endings of addresses."""

    name: str
    media_type: str
    extensions: tuple[str, ...]

    @property
    def extension(self) -> str:
        """The usual ending of an address in this form."""
        return self.extensions[0]

    @property
    def content_type(self) -> str:
        """What the Content-Type header says; a charset where the media type knows that parameter."""
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type


FORMS = (
    Form("turtle", "text/turtle", ("ttl",)),
    Form("rdfxml", "application/rdf+xml", ("rdf", "xml")),
    Form("jsonld", "application/ld+json", ("jsonld",)),
    Form("ntriples", "application/n-triples", ("nt",)),
    Form("turtle", "text/n3", ("n3",)),
)
_BY_MEDIA_TYPE = {form.media_type: form for form in FORMS}
EXTENSIONS = tuple(extension for form in FORMS for extension in form.extensions)


def by_extension(extension: str, among: Sequence[Form] = FORMS) -> Form:
    """Return the form of an address ending. Raises Refused (404) that names the endings."""
    known = {extension: form for form in among for extension in form.extensions}
    if extension not in known:
        raise Refused(404, Fault(_NO_FORM, name=extension[:40], names=", ".join(known)))
    return known[extension]


def by_accept(accept: MIMEAccept, among: Sequence[Form] = FORMS) -> Form:
    """Return the form that an ``Accept`` header prefers, the first where it takes any.

    Raises Refused (406, RFC 9110 §15.5.7) that names the media types.
    """
    known = {form.media_type: form for form in among}
    best = accept.best_match(known, "") if accept else among[0].media_type
    if not best:
        raise Refused(406, Fault(_NOT_ACCEPTABLE, names=", ".join(known)))
    return known[best]


def instead_of_html(accept: MIMEAccept) -> Form | None:
    """Return the form of RDF that a reader prefers to a page for people, None for the page."""
    best = accept.best_match((HTML, *_BY_MEDIA_TYPE), HTML)
    return _BY_MEDIA_TYPE.get(best)
