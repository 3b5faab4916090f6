"""The keys that sources of every kind have in their YAML: name, municipality, where, timezone. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from ckanext.municipal.harvest.source_form import Form, SourceInvalid
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Finding, Place, Rule, Severity

SCHEDULES = ("manual", "daily", "weekly", "biweekly", "monthly")
_NOT_YAML = Rule(
    "source-not-yaml",
    Severity.ERROR,
    N_("The source is not readable as YAML: {problem}."),
    N_("Correct the line named; text with a colon, # or {{ goes between quotes."),
)


@dataclass(frozen=True, slots=True)
class Municipality:
    """Whose data it is: Diavgeia organisation id, ΑΦΜ ("" if the source does not say), names."""

    uid: str
    vat: str
    name: Mapping[str, str]


def mapping_of(content: bytes | str | Mapping[str, Any], file: str) -> Any:
    """Return what the text of a YAML file holds, or the mapping that it is already.

    ``file`` is the name that faults carry. Raises `SourceInvalid` for text that is no YAML.
    """
    if isinstance(content, Mapping):
        return content
    try:
        return yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = " ".join(str(error).split())[:200]
        raise SourceInvalid([Finding(_NOT_YAML, Place(file), {"problem": problem})]) from error


def name(form: Form) -> str:
    """Return the source's name."""
    written = form.text("name", "a name of small Latin letters, digits and hyphens")
    if written and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{1,98}", written):
        expected = "a name of small Latin letters, digits and hyphens, 2 to 99 long"
        form.wrong("name", written, expected)
    return written


def municipality(form: Form) -> Municipality | None:
    """Return the municipality that a source names; None for the portal's own, written “city”."""
    if form.content.get("municipality") == "city":
        return None
    if "municipality" not in form.content:
        form.text("municipality", "“city”, or {uid, vat, name: {el, en}}")
        return None
    body = form.form("municipality")
    body.only(("uid", "vat", "name"))
    uid = body.text("uid", "the digits of its Diavgeia uid, between quotes")
    vat = body.text("vat", "the nine digits of its ΑΦΜ, between quotes", "")
    for key, value, pattern in (("uid", uid, r"[0-9]{1,8}"), ("vat", vat, r"[0-9]{9}")):
        if value and not re.fullmatch(pattern, value):
            body.wrong(key, value, "digits only, nine of them for a vat")
    return Municipality(uid, vat, MappingProxyType(body.texts("name")))


def where(form: Form) -> tuple[str, str]:
    """Return the address and the folder below the inbox that a source is at: one of them is ""."""
    form.only(("url", "inbox"))
    url = form.text("url", "an address", "")
    inbox = form.text("inbox", "a folder below the inbox of the portal", "")
    if bool(url) == bool(inbox):
        form.wrong("", form.content, "either url: https://… or inbox: folder/below/the/inbox")
    if url and not re.match(r"https?://[^/\s]+", url):
        form.wrong("url", url, "an address that begins with https:// or http://")
    if inbox and (inbox.startswith(("/", "~")) or "\\" in inbox or ".." in inbox.split("/")):
        form.wrong("inbox", inbox, "a folder below the portal's inbox, without .. or a leading /")
    return url, inbox


def zone(form: Form) -> ZoneInfo:
    """Return the clock of moments that do not tell theirs."""
    written = form.text("timezone", "a time zone", "Europe/Athens")
    try:
        return ZoneInfo(written)
    except (OSError, ValueError, KeyError):
        form.wrong("timezone", written, "a time zone such as Europe/Athens")
        return ZoneInfo("Europe/Athens")
