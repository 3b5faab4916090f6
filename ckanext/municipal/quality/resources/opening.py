"""The file of a resource on this machine: where an upload is kept, or fetched by the guarded client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ckan.lib import uploader

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import web
from ckanext.municipal.quality.model.files import Source


class FileGone(ReadableError):
    """An upload is not where it is kept."""


def name_of(url: str) -> str:
    """Return the name of the file that an address leads to, as a person would write it."""
    return unquote(PurePosixPath(urlsplit(url).path).name) or "download"


@contextmanager
def opened(source: Source) -> Iterator[Path]:
    """Give the file of a resource.

    Raises FileGone, and HttpError for an address that does not give it.
    """
    if source.url_type == "upload":
        yield _kept(source)
        return
    with web.client() as asking, asking.get(source.url) as answer:
        assert answer.path
        yield answer.path


def _kept(source: Source) -> Path:
    keeper = uploader.get_resource_uploader({"id": source.resource_id, "url_type": "upload"})
    path = Path(keeper.get_path(source.resource_id))
    if not path.is_file():
        raise FileGone(
            N_("The file {file} is not where uploads are kept. Upload it again."),
            file=name_of(source.url),
        )
    return path
