"""Atom feeds (RFC 4287), in pages (RFC 5005, section 3). Pure: entries in, a document out."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from ckanext.municipal.issues.open311.xml import clean

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_NAMED_SINCE = "2026"
"""The year in which the names were given (RFC 4151): it is a part of them and never changes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: its lasting id, what it is called, a text, the address of its page, when it was
    made (None: not known) and last changed, both with their zone, and its category."""

    id: str
    title: str
    summary: str
    page: str
    published: datetime | None
    updated: datetime
    category: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed: its lasting id, whose it is, since when it is so, and its addresses: its
    own, that of the page for people, of the first page and of the next one (None: the last)."""

    id: str
    title: str
    author: str
    language: str
    updated: datetime
    own: str
    page: str
    first: str
    next: str | None
    entries: Sequence[Entry]


def tag(authority: str, *parts: str) -> str:
    """Return a lasting name, ``tag:city.gr,2026:requests/…`` (RFC 4151)."""
    return f"tag:{authority},{_NAMED_SINCE}:{'/'.join(quote(part, safe='') for part in parts)}"


def document(feed: Feed) -> bytes:
    """Return the feed in UTF-8. What XML 1.0 cannot hold becomes U+FFFD."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _texts(root, id=feed.id, title=feed.title, updated=feed.updated.isoformat())
    _texts(ET.SubElement(root, "author"), name=feed.author)
    for relation, kind, address in (
        ("self", MEDIA_TYPE, feed.own),
        ("alternate", "text/html", feed.page),
        ("first", MEDIA_TYPE, feed.first),
        ("next", MEDIA_TYPE, feed.next),
    ):
        if address:
            ET.SubElement(root, "link", {"rel": relation, "type": kind, "href": clean(address)})
    _entries(root, feed.entries)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _entries(root: ET.Element, entries: Iterable[Entry]) -> None:
    for each in entries:
        entry = ET.SubElement(root, "entry")
        _texts(entry, id=each.id, title=each.title, updated=each.updated.isoformat())
        if each.published:
            _texts(entry, published=each.published.isoformat())
        ET.SubElement(
            entry, "link", {"rel": "alternate", "type": "text/html", "href": clean(each.page)}
        )
        term, label = map(clean, each.category)
        ET.SubElement(entry, "category", {"term": term, "label": label})
        _texts(entry, summary=each.summary)


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = clean(text)
