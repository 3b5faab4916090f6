"""Validators of controlled values: a code or a label in either language becomes the authority URI."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from ckanext.municipal.portal import config, vocabularies
from ckanext.municipal.portal.logic.validators.fields import (
    Errors,
    Flat,
    Key,
    Validator,
    leave_blank,
    scheming_field,
    sibling,
    stop,
    text,
    texts,
)

__all__ = ["municipal_concept", "municipal_concepts", "municipal_file_type"]

_EXAMPLES = 3


@scheming_field
def municipal_concept(field: dict[str, Any], _schema: dict[str, Any]) -> Validator:
    """Store the URI of the one concept of ``field.vocabulary`` that was named."""

    def validate(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
        given = text(data, key)
        if not given:
            leave_blank(key, data, errors, field)
        data[key] = _uri(given, field["vocabulary"], key, errors)

    return validate


@scheming_field
def municipal_concepts(field: dict[str, Any], _schema: dict[str, Any]) -> Validator:
    """Store the URIs of the concepts of ``field.vocabulary`` that were named, as a JSON list.

    Takes a list, a JSON list or one value; each concept is kept once, in the order given.
    """

    def validate(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
        given = texts(data.get(key))
        if not given:
            leave_blank(key, data, errors, field)
        uris = [_uri(value, field["vocabulary"], key, errors) for value in given]
        data[key] = json.dumps(list(dict.fromkeys(uris)))

    return validate


def municipal_file_type(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
    """Store the EU file type of a distribution; without one, say what its format or name tells.

    A known type also fills the media type. A format that no list knows leaves the type blank: it is
    not an error, for CKAN's ``format`` is free text.
    """
    known = vocabularies.load("file-type", config.vocabularies_folder())
    given = text(data, key)
    if given:
        data[key] = _uri(given, "file-type", key, errors)
        concept = known.get(data[key])
    else:
        name = PurePosixPath(urlsplit(text(data, sibling(key, "url"))).path)
        format_ = text(data, sibling(key, "format"))
        concept = known.find(format_) if format_ else None
        concept = concept or known.by_extension(format_) or known.by_extension(name.suffix)
    if concept is None:
        data.pop(key, None)
        raise tk.StopOnError
    data[key] = concept.uri
    if not text(data, sibling(key, "mimetype")) and concept.facts.get("media_type"):
        data[sibling(key, "mimetype")] = concept.facts["media_type"]


def _uri(given: str, name: str, key: Key, errors: Errors) -> str:
    vocabulary = vocabularies.load(name, config.vocabularies_folder())
    concept = vocabulary.find(given)
    if concept is None:
        language = tk.h.lang() if tk.request else "en"
        examples = ", ".join(c.label(language) for c in vocabulary.offered()[:_EXAMPLES])
        message = tk._('"{given}" is not in the list: choose an entry, for example {examples}.')
        stop(key, errors, message.format(given=given, examples=examples))
    assert concept is not None
    return concept.uri
