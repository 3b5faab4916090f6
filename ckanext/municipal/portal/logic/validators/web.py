"""Validators of e-mail addresses, telephone numbers, web addresses and URIs."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from ckanext.municipal.portal.logic.validators.fields import (
    Errors,
    Flat,
    Key,
    Validator,
    Wrong,
    checked,
    checked_text,
    leave_blank,
    lines,
    scheming_field,
    sibling,
    text,
)

__all__ = [
    "municipal_email",
    "municipal_link",
    "municipal_links",
    "municipal_phone",
    "municipal_resource_url",
    "municipal_size",
    "municipal_standards",
]

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@(?P<host>[^@\s]{1,253})")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{4,28}[0-9]")
_STORED_HERE = ("upload", "datastore", "tabledesigner")


def is_host(host: str) -> bool:
    """Return whether a host name can exist: known labels, with a dot or ``localhost``; IDN allowed."""
    host = host.rstrip(".")
    try:
        ascii_ = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return False
    labels = ascii_.split(".")
    return (len(labels) > 1 or host == "localhost") and all(map(_LABEL.fullmatch, labels))


def is_link(url: str) -> bool:
    """Return whether a text is an ``http`` or ``https`` address with a host."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    literal = ":" in host and parts.netloc.count("[") == 1  # An IPv6 address stands in brackets.
    spaced = any(character.isspace() for character in url)
    return parts.scheme in ("http", "https") and not spaced and (literal or is_host(host))


@checked_text
def municipal_email(given: str) -> str:
    """Store one e-mail address, without ``mailto:``."""
    given = given.removeprefix("mailto:")
    match = _EMAIL.fullmatch(given)
    if not match or not is_host(match["host"]):
        message = tk._("{given} is not an e-mail address: write it as name@example.org.")
        raise Wrong(message.format(given=given))
    return given


@checked_text
def municipal_phone(given: str) -> str:
    """Store a telephone number: digits, optionally with ``+``, spaces, brackets, dots and dashes."""
    if not _PHONE.fullmatch(given):
        message = tk._("{given} is not a telephone number: write it as +30 2313 317777.")
        raise Wrong(message.format(given=given))
    return given


@checked_text
def municipal_link(given: str) -> str:
    """Store one ``http`` or ``https`` address."""
    return _link(given)


@scheming_field
def municipal_links(field: dict[str, Any], _schema: dict[str, Any]) -> Validator:
    """Store a JSON list of ``http`` or ``https`` addresses; takes a list, a JSON list or one."""

    def validate(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
        given = lines(data.get(key))
        if not given:
            leave_blank(key, data, errors, field)
        data[key] = json.dumps([checked(_link, url, key, errors) for url in given])

    return validate


@scheming_field
def municipal_standards(field: dict[str, Any], _schema: dict[str, Any]) -> Validator:
    """Store a JSON list of names or addresses of standards; what looks like an address must be one."""

    def validate(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
        given = lines(data.get(key))
        if not given:
            leave_blank(key, data, errors, field)
        for name in given:
            if "://" in name:
                checked(_link, name, key, errors)
        data[key] = json.dumps(given, ensure_ascii=False)

    return validate


def municipal_resource_url(key: Key, data: Flat, errors: Errors, _context: dict[str, Any]) -> None:
    """Check the address of a distribution, unless the file or table is stored here."""
    given = text(data, key)
    if given and text(data, sibling(key, "url_type")) not in _STORED_HERE:
        data[key] = checked(_link, given, key, errors)


@checked_text
def municipal_size(given: str) -> int:
    """Store a size in bytes, a whole number from 0."""
    if not re.fullmatch(r"[0-9]{1,18}", given):
        message = tk._("{given} is not a size: write the number of bytes, digits only.")
        raise Wrong(message.format(given=given))
    return int(given)


def _link(given: str) -> str:
    if not is_link(given):
        message = tk._("{given} is not a web address: begin it with https:// and a host name.")
        raise Wrong(message.format(given=given))
    return given
