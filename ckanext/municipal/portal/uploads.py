"""Uploaded files keep a name that people can read, in Latin letters.

CKAN deletes every Greek letter of a file name. The name is transcribed before any uploader, CKAN's
own or that of a storage extension, sees the file; which of them stores it is not our business.
"""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage

from ckanext.municipal.lib import greek


def rename_upload(resource: dict[str, Any]) -> None:
    """Give the file in ``resource["upload"]`` its readable name: ``kathariotita-2024.csv``."""
    upload = resource.get("upload")
    if isinstance(upload, FileStorage) and upload.filename and not upload.filename.isascii():
        upload.filename = greek.filename(upload.filename)
