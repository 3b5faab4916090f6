"""The links of a web page: which lead to files of data on the same host, which to sub-folders."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl, unquote_to_bytes, urljoin, urlsplit

from ckanext.municipal.harvest.files.model import DATA_SUFFIXES, ignored

_TAG = re.compile(r"<(a|base)\s([^<>]{1,5000})>", re.IGNORECASE)
_HREF = re.compile(
    r"""(?:^|[\s"'])href\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE
)
_HIDDEN = re.compile(r"<!--|<script\b|<style\b", re.IGNORECASE)
_END = {
    "<!--": re.compile("-->"),
    "<script": re.compile("</script", re.IGNORECASE),
    "<style": re.compile("</style", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: absolute URL without fragment, its path, and the decoded file name."""

    url: str
    path: str
    name: str

    @property
    def is_folder(self) -> bool:
        """Tell whether it leads to a folder: a path that ends with a slash, without a query."""
        return self.path.endswith("/") and "?" not in self.url

    @property
    def is_data(self) -> bool:
        """Tell whether it leads to a file of data that is not hidden or temporary."""
        return self.name.lower().endswith(DATA_SUFFIXES) and not ignored(self.name)


def links_of(page: bytes, url: str, content_type: str = "") -> Iterator[Link]:
    """Return the links of a page to its own host, in their order, each once.

    ``url`` is the page's own; a ``<base>`` counts. Broken HTML and links are passed over.
    """
    base, hrefs = _anchors(_text(page, content_type))
    seen: set[str] = set()
    for href in hrefs:
        try:
            link = _link(urljoin(urljoin(url, base), href))
            own = _host(link.url) == _host(url)
        except ValueError:
            continue
        if own and link.url not in seen:
            seen.add(link.url)
            yield link


def percent_decoded(text: str) -> str:
    """Return a part of a URL with its %XX decoded: as UTF-8, else as the Greek Windows page."""
    raw = unquote_to_bytes(text)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1253", errors="replace")


def _link(url: str) -> Link:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise ValueError("not a web address")
    path = parts.path or "/"
    name = _last_part(path)
    if not name.lower().endswith(DATA_SUFFIXES):
        # download.php?file=2016.csv
        values = (_last_part(value) for _, value in parse_qsl(parts.query))
        name = next((value for value in values if value.lower().endswith(DATA_SUFFIXES)), name)
    return Link(parts._replace(path=path, fragment="").geturl(), path, name)


def _last_part(path: str) -> str:
    last = percent_decoded(path).replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable())


def _host(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port
    return parts.hostname, None if port in (80, 443) else port


def _text(page: bytes, content_type: str) -> str:
    header = Message()
    header["content-type"] = content_type
    for encoding in ("utf-8", header.get_content_charset() or "cp1253"):
        try:
            return page.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return page.decode("cp1253", errors="replace")


def _anchors(text: str) -> tuple[str, list[str]]:
    """Return the address of the first ``<base>`` and the ``href`` of every ``<a>``.

    By expressions that read each sign once: ``html.parser`` takes minutes over a page made for it.
    """
    base, hrefs = "", []
    for tag in _TAG.finditer(_visible(text)):
        found = _HREF.search(tag[2])
        href = html.unescape(found[1] or found[2] or found[3] or "").strip() if found else ""
        if href and tag[1].lower() == "a":
            hrefs.append(href)
        elif href and not base:
            base = href
    return base, hrefs


def _visible(text: str) -> str:
    """Return a page without comments, scripts and styles; one without an end hides the rest."""
    pieces, at = [], 0
    while start := _HIDDEN.search(text, at):
        pieces.append(text[at : start.start()])
        end = _END[start[0].lower()].search(text, start.end())
        if not end:
            return "".join(pieces)
        at = end.end()
    return "".join([*pieces, text[at:]])
