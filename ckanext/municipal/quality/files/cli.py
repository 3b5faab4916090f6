"""``ckan municipal quality check`` of a file, or of the address of one."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import click

from ckanext.municipal.lib.http import HttpError
from ckanext.municipal.portal import city, config, web
from ckanext.municipal.portal.geojson import Box
from ckanext.municipal.quality.files import told
from ckanext.municipal.quality.files.checking import Options, Verdict, check


def is_file(what: str) -> bool:
    """Return whether words name a file or an address, and no dataset."""
    return _is_address(what) or Path(what).is_file()


def check_file(what: str, schema: str | None, as_json: bool, language: str) -> int:
    """Print what is wrong with a file or what an address gives; returns the exit code.

    Raises ClickException for a schema that is none and an address that does not answer.
    """
    options = Options(schema=_schema(schema) if schema else None, box=box())
    try:
        verdict = (
            _downloaded(what, options) if _is_address(what) else check(Path(what), options=options)
        )
    except HttpError as error:
        raise click.ClickException(error.message(language)) from error
    click.echo(told.said(verdict, language, whole=as_json))
    return told.exit_code(verdict)


def _downloaded(url: str, options: Options) -> Verdict:
    with web.client() as asking, asking.get(url) as answer:
        name = unquote(PurePosixPath(urlsplit(url).path).name) or "download"
        assert answer.path
        return check(answer.path, name, options)


def _is_address(what: str) -> bool:
    return what.startswith(("http://", "https://"))


def box() -> Box | None:
    """Where the places of the portal's data lie, as city.yaml has it."""
    try:
        return city.load(config.city_file()).map_box
    except city.CityError:
        return None


def _schema(path: str) -> Any:
    try:
        return json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path}: {error}") from error
