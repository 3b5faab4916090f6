"""The links of a web page: which lead to files of data on the same host, which to sub-folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote_to_bytes, urljoin, urlsplit

from ckanext.municipal.harvest.files.model import DATA_SUFFIXES, ignored


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
    parser = _Anchors()
    with suppress(AssertionError):  # html.parser's word for a declaration it cannot make out
        parser.feed(_text(page, content_type))
        parser.close()
    seen: set[str] = set()
    for href in parser.hrefs:
        try:
            link = _link(urljoin(urljoin(url, parser.base), href))
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


class _Anchors(HTMLParser):
    """Collects the ``href`` of every ``<a>`` and of the first ``<base>``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.hrefs: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = next((value for name, value in attrs if name == "href" and value), "").strip()
        if tag == "a" and href:
            self.hrefs.append(href)
        elif tag == "base" and href and not self.base:
            self.base = href
