"""Secrets that sources need (keys, passwords): files of one folder, one a secret, named in the YAML.

So neither a YAML nor the database holds one, and every process of the portal finds the same; the
folder is what Docker, Kubernetes and systemd give a service (``/run/secrets``).
"""

from __future__ import annotations

from pathlib import Path

from ckanext.municipal.harvest.source import SourceInvalid
from ckanext.municipal.harvest.source_form import SECRET_NAME
from ckanext.municipal.lib.texts import N_

_MAX_BYTES = 4096


def read(name: str, folder: Path | None) -> str:
    """Return the secret of a name, without the line break at its end.

    Raises `SourceInvalid` where the operator gave no folder, or it has no such file.
    """
    if folder is None:
        raise SourceInvalid(
            N_(
                "The source needs the secret “{name}”, and the portal has no folder of secrets."
                " Name one in the option ckanext.municipal.harvest.secrets."
            ),
            name=name,
        )
    try:
        if not SECRET_NAME.fullmatch(name):
            raise OSError
        with (folder / name).open("rb") as file:
            secret = file.read(_MAX_BYTES).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        secret = ""
    if not secret:
        raise SourceInvalid(
            N_(
                "The secret “{name}” cannot be read. Put it into a file of this name in the folder"
                " that the option ckanext.municipal.harvest.secrets names."
            ),
            name=name,
        )
    return secret
