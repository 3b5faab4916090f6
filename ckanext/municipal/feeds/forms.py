"""The forms of RDF that a feed is written in, and which of them a reader wants. Pure.

A form has the name of its column in the table of records. Turtle is also valid N3, so that the
address ending in ``n3``, which harvesters may know, is answered with the same text.
"""

from __future__ import annotations

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
_BY_EXTENSION = {extension: form for form in FORMS for extension in form.extensions}
_BY_MEDIA_TYPE = {form.media_type: form for form in FORMS}
EXTENSIONS = tuple(_BY_EXTENSION)


def by_extension(extension: str) -> Form:
    """Return the form of an address ending. Raises Refused (404) that names the endings."""
    if extension not in _BY_EXTENSION:
        raise Refused(404, Fault(_NO_FORM, name=extension[:40], names=", ".join(EXTENSIONS)))
    return _BY_EXTENSION[extension]


def by_accept(accept: MIMEAccept) -> Form:
    """Return the form that an ``Accept`` header prefers, Turtle where it takes any.

    Raises Refused (406, RFC 9110 §15.5.7) that names the media types.
    """
    best = accept.best_match(_BY_MEDIA_TYPE, "") if accept else FORMS[0].media_type
    if not best:
        raise Refused(406, Fault(_NOT_ACCEPTABLE, names=", ".join(_BY_MEDIA_TYPE)))
    return _BY_MEDIA_TYPE[best]


def instead_of_html(accept: MIMEAccept) -> Form | None:
    """Return the form of RDF that a reader prefers to a page for people, None for the page."""
    best = accept.best_match((HTML, *_BY_MEDIA_TYPE), HTML)
    return _BY_MEDIA_TYPE.get(best)
