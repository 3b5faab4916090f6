"""GeoReport's XML of the same values that its JSON is made of (the Spark convention).

A list becomes an element for each of its items, named by `_ITEMS`; null an empty element; true and
false those words. No namespace, as the standard asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "notes": "note",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "jurisdictions": "jurisdiction",
}
# What XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(root: str, value: Any) -> bytes:
    """Return a document in UTF-8 with its declaration; ``value`` is what JSON would hold."""
    text = "".join(_element(root, value))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


def _element(name: str, value: Any) -> Iterator[str]:
    if value is None or value == "":
        yield f"<{name}/>"
        return
    yield f"<{name}>"
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _element(key, part)
    elif isinstance(value, list):
        for item in value:
            yield from _element(_ITEMS[name], item)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    else:
        yield escape(clean(str(value)), {"\r": "&#13;"})
    yield f"</{name}>"
