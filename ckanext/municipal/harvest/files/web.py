"""Files on the web: one file, a page or directory listing with links to them, or a zip."""

from __future__ import annotations

import re
import time
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from ckanext.municipal.harvest.files import folders
from ckanext.municipal.harvest.files.links import Link, links_of, percent_decoded
from ckanext.municipal.harvest.files.model import (
    DATA_SUFFIXES,
    MAX_FILES,
    MB,
    FileBytes,
    FilesError,
    NotModified,
    SourceFile,
    is_zip_name,
    too_large,
    too_many,
)
from ckanext.municipal.lib.http import Answer, Client, NotThere, shown
from ckanext.municipal.lib.texts import N_

MAX_DEPTH = 3
MAX_PAGES = 500
MAX_PAGE_BYTES = 5 * MB
# How long a download that listing needed serves the reading that follows it, and how many.
_FRESH_SECONDS = 600.0
_KEPT = 4
_HTML_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.I)
_FILE_NAME = re.compile(r"""filename\*?=(?:UTF-8'[^']*')?"?([^";]+)"?""", re.IGNORECASE)

_downloads: WeakKeyDictionary[Client, dict[str, tuple[float, Answer]]] = WeakKeyDictionary()


def is_web_address(place: str) -> bool:
    """Tell whether a place is a web address: anything else is not asked over the network."""
    return place.lower().startswith(("http://", "https://"))


def list_url(url: str, client: Client) -> list[SourceFile]:
    """Return the files that an address leads to; raises ``FilesError`` and ``HttpError``."""
    answer = _download(url, client)
    name = _file_name(answer)
    if _is_zip(answer, name):
        return folders.member_files(_path(answer), url, "", None)
    if _is_html(answer):
        if name.lower().endswith(DATA_SUFFIXES):
            raise _page_instead(name)
        return _list_page(answer, client)
    modified = answer.modified
    return [SourceFile(name or "file", url, answer.size, modified, answer.etag)]


def read(
    file: SourceFile, client: Client, etag: str | None, modified: str | None
) -> FileBytes | NotModified:
    """Return the bytes of a file on the web, or of a member of a zip there."""
    kept = _kept(file.location, client)
    if file.member is not None:
        answer = kept or _download(file.location, client)
        return folders.read_member(file, _path(answer), etag)
    if kept:
        if etag and etag == kept.etag:
            return NotModified(file.name)
        return _bytes(file, kept)
    with client.get(file.location, etag=etag, modified=modified) as answer:
        if answer.not_modified:
            return NotModified(file.name)
        return _bytes(file, answer)


def _bytes(file: SourceFile, answer: Answer) -> FileBytes:
    # A log-in or error page with status 200 is not the file.
    if _is_html(answer) and file.name.lower().endswith(DATA_SUFFIXES):
        raise _page_instead(file.name)
    return FileBytes(file.name, answer.read(), answer.sha256, answer.etag, answer.modified)


def _list_page(first: Answer, client: Client) -> list[SourceFile]:
    """Follow a page's links to files, and a listing's sub-folders below it."""
    base = urlsplit(first.url).path.rpartition("/")[0] + "/"
    found: dict[str, SourceFile] = {}
    seen = {first.url}
    pages: list[tuple[Answer, int]] = [(first, 0)]
    while pages:
        page, depth = pages.pop()
        if page.size > MAX_PAGE_BYTES:
            raise too_large(shown(page.url), MAX_PAGE_BYTES)
        for link in links_of(page.read(), page.url, page.headers.get("content-type", "")):
            if link.is_folder and link.path.startswith(base) and link.url not in seen:
                seen.add(link.url)
                if len(seen) > MAX_PAGES:
                    raise too_many(shown(first.url))
                if depth < MAX_DEPTH and (below := _page(link.url, client)):
                    pages.append((below, depth + 1))
            elif link.is_data:
                for file in _linked(link, base, client):
                    found.setdefault(file.name, file)
            if len(found) > MAX_FILES:
                raise too_many(shown(first.url))
    return list(found.values())


def _page(url: str, client: Client) -> Answer | None:
    """Return a sub-folder's page; ``None`` for what is not one, or is gone (404, 410)."""
    try:
        answer = client.get(url)
    except NotThere:
        return None
    return answer if _is_html(answer) else None


def _linked(link: Link, base: str, client: Client) -> list[SourceFile]:
    below = link.path.startswith(base)
    path = link.path.removeprefix(base) if below else link.path.lstrip("/")
    name = str(PurePosixPath(percent_decoded(path)).with_name(link.name))
    if is_zip_name(name):
        return folders.member_files(_path(_download(link.url, client)), link.url, name, None)
    return [SourceFile(name, link.url)]


def _download(url: str, client: Client) -> Answer:
    """Get a URL and keep the answer for the reading that follows."""
    answer = client.get(url)
    kept = _downloads.setdefault(client, {})
    kept.pop(url, None)
    while len(kept) >= _KEPT:
        kept.pop(next(iter(kept)))
    kept[url] = (time.monotonic(), answer)
    return answer


def _kept(url: str, client: Client) -> Answer | None:
    since, answer = _downloads.get(client, {}).get(url, (0.0, None))
    return answer if answer and time.monotonic() - since < _FRESH_SECONDS else None


def _path(answer: Answer):
    if answer.path is None:
        raise FilesError(N_("{url} is empty. Tell its owner."), url=shown(answer.url))
    return answer.path


def _file_name(answer: Answer) -> str:
    """Return what a downloaded file is called: by its server, else by its address."""
    header = _FILE_NAME.search(answer.headers.get("content-disposition", ""))
    raw = header[1].strip() if header else urlsplit(answer.url).path
    name = percent_decoded(raw).replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in name if character.isprintable())


def _is_html(answer: Answer) -> bool:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return True
    if answer.path is None:
        return False
    with answer.path.open("rb") as stream:
        return bool(_HTML_START.match(stream.read(512)))


def _is_zip(answer: Answer, name: str) -> bool:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if is_zip_name(name):
        return not _is_html(answer)
    zipped = kind in ("application/zip", "application/x-zip-compressed")
    return zipped and not name.lower().endswith(DATA_SUFFIXES)


def _page_instead(name: str) -> FilesError:
    return FilesError(
        N_("{file}: a web page came instead of the file. Check that it is open to everybody."),
        file=name,
    )
