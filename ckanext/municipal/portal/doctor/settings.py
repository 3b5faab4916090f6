"""Checks of the configuration: versions, plugins, addresses, secrets, cookies, languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import ckan
from ckan.plugins import toolkit as tk

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal import language
from ckanext.municipal.portal.doctor import check
from ckanext.municipal.quality.findings import Finding, Rule, Severity

# First release of each line with the security fixes of 2026; a line without one lacks them.
SAFE_RELEASES = {(2, 10): (2, 10, 10), (2, 11): (2, 11, 5)}
SUPPORTED = ((2, 11), (2, 12))

# Ours first: where two plugins give the same template, helper or action, the first one wins.
AFTER_OURS = ("dcat", "harvest", "spatial_metadata", "spatial_query", "scheming_datasets")
NEEDED = ("municipal", "dcat", "scheming_datasets", "scheming_organizations", "scheming_groups")

_SECRETS = ("SECRET_KEY", "WTF_CSRF_SECRET_KEY", "api_token.jwt.encode.secret")
_EXAMPLE_SECRET = re.compile(r"change|secret|default|example|test|123", re.IGNORECASE)


def _rule(id_: str, severity: Severity, message: str, remedy: str) -> Rule:
    return Rule(f"doctor-{id_}", severity, message, remedy)


CKAN_OLD = _rule(
    "ckan-old",
    Severity.ERROR,
    N_("CKAN {version} is not supported."),
    N_("Install CKAN 2.11.6 or later of that line."),
)
CKAN_UNSAFE = _rule(
    "ckan-unsafe",
    Severity.WARNING,
    N_("CKAN {version} lacks the security fixes of April 2026."),
    N_("Install CKAN 2.11.6, or the first release of its line that lists them."),
)
PLUGIN_MISSING = _rule(
    "plugin-missing",
    Severity.ERROR,
    N_("The plugin {plugin} is not on."),
    N_("Add it to ckan.plugins."),
)
PLUGIN_ORDER = _rule(
    "plugin-order",
    Severity.WARNING,
    N_("The plugin {late} stands after {early}; what it overrides there has no effect."),
    N_("Put {late} before {early} in ckan.plugins."),
)
SCHEMING = _rule(
    "scheming",
    Severity.ERROR,
    N_("The option {option} does not name {value}."),
    N_("Add it, or remove the option: then the value of the suite is used."),
)
SITE_URL = _rule(
    "site-url",
    Severity.ERROR,
    N_("ckan.site_url is {value}: links, feeds and sign-in need the portal's full address."),
    N_("Set it to the address people type, as https://data.example.org, without a path."),
)
NO_HTTPS = _rule(
    "no-https",
    Severity.WARNING,
    N_("The portal's address is not https: passwords and sessions travel in the open."),
    N_("Put a certificate on the web server and set ckan.site_url to the https address."),
)
SECRET = _rule(
    "secret",
    Severity.ERROR,
    N_("{option} is empty, short, or an example: sessions and tokens could be forged."),
    N_("Set it to at least 32 random characters and restart."),
)
COOKIE = _rule(
    "cookie",
    Severity.WARNING,
    N_("{option} is {value}."),
    N_("Set it to {wanted}, so that a session cannot be stolen or used by another site."),
)
RISKY_OPTION = _rule(
    "risky-option",
    Severity.ERROR,
    N_("{option} is {value}."),
    N_("Set it to {wanted} on a portal that is open to the public."),
)
LANGUAGE_MISSING = _rule(
    "language-missing",
    Severity.WARNING,
    N_("The language {language} is not offered to readers."),
    N_("Add it to ckan.locales_offered; city.yaml names it."),
)


@check("ckan", N_("CKAN version"))
def ckan_version() -> Iterator[Finding]:
    """Look at the release of CKAN that is running."""
    yield from version_findings(ckan.__version__)


def version_findings(version: str) -> Iterator[Finding]:
    """Yield what is wrong with a release of CKAN, as ``2.11.6``."""
    major, minor, *patch = (int(number) for number in re.findall(r"\d+", version)[:3])
    if (major, minor) not in SUPPORTED:
        yield Finding(CKAN_OLD, values={"version": version})
    elif (major, minor, *patch) < SAFE_RELEASES.get((major, minor), (99,)):
        yield Finding(CKAN_UNSAFE, values={"version": version})


@check("plugins", N_("Plugins and their order"))
def plugins() -> Iterator[Finding]:
    """Look at ckan.plugins."""
    yield from plugin_findings(tk.aslist(tk.config.get("ckan.plugins")))


def plugin_findings(names: Sequence[str]) -> Iterator[Finding]:
    """Yield the plugins that are missing or stand in the wrong place."""
    place = {name: number for number, name in enumerate(names)}
    for name in NEEDED:
        if name not in place:
            yield Finding(PLUGIN_MISSING, values={"plugin": name})
    pairs = [("municipal", name) for name in AFTER_OURS] + [("dcat", "scheming_datasets")]
    for first, second in pairs:
        if first in place and second in place and place[first] > place[second]:
            yield Finding(PLUGIN_ORDER, values={"late": first, "early": second})


@check("schemas", N_("Dataset types and profiles"))
def schemas() -> Iterator[Finding]:
    """Look at the settings of ckanext-scheming."""
    wanted = {
        "scheming.presets": ("ckanext.scheming:presets.json", "ckanext.municipal:"),
        "scheming.dataset_schemas": ("dataset.yaml",),
        "scheming.organization_schemas": ("organization.yaml",),
        "scheming.group_schemas": ("group.yaml",),
    }
    for option, parts in wanted.items():
        value = " ".join(tk.aslist(tk.config.get(option)))
        for part in parts:
            if part not in value:
                yield Finding(SCHEMING, values={"option": option, "value": part})


@check("address", N_("The portal's address"))
def address() -> Iterator[Finding]:
    """Look at ckan.site_url."""
    yield from address_findings(str(tk.config.get("ckan.site_url") or ""))


def address_findings(value: str) -> Iterator[Finding]:
    """Yield what is wrong with the address of a portal."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        yield Finding(SITE_URL, values={"value": value or N_("empty")})
    elif parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield Finding(NO_HTTPS)


@check("secrets", N_("Secrets"))
def secrets() -> Iterator[Finding]:
    """Look at the secrets; their values are never shown."""
    main = str(tk.config.get(_SECRETS[0]) or "")
    for option in _SECRETS:
        value = str(tk.config.get(option) or "").removeprefix("string:")
        if option != _SECRETS[0] and value in ("", main):
            continue  # CKAN takes the main one where another is not set
        if len(value) < 20 or (len(value) < 32 and _EXAMPLE_SECRET.search(value)):
            yield Finding(SECRET, values={"option": option})


@check("cookies", N_("Cookies and forms"))
def cookies() -> Iterator[Finding]:
    """Look at the flags of cookies, the protection of forms and options that open too much."""
    secure = str(tk.config.get("ckan.site_url") or "").startswith("https:")
    for option in ("SESSION_COOKIE", "REMEMBER_COOKIE"):
        yield from _expected(COOKIE, f"{option}_HTTPONLY", True)
        if secure:
            yield from _expected(COOKIE, f"{option}_SECURE", True)
        if str(tk.config.get(f"{option}_SAMESITE")) not in ("Lax", "Strict"):
            value = tk.config.get(f"{option}_SAMESITE")
            values = {"option": f"{option}_SAMESITE", "value": value, "wanted": "Lax"}
            yield Finding(COOKIE, values=values)
    yield from _expected(RISKY_OPTION, "WTF_CSRF_ENABLED", True)
    yield from _expected(RISKY_OPTION, "debug", False)
    yield from _expected(RISKY_OPTION, "ckan.datastore.sqlsearch.enabled", False)
    if not tk.check_ckan_version(min_version="2.12"):
        yield from _expected(RISKY_OPTION, "ckan.csrf_protection.ignore_extensions", False)


def _expected(rule: Rule, option: str, wanted: bool) -> Iterator[Finding]:
    value: Any = tk.config.get(option)
    if tk.asbool(value if value not in (None, "") else False) is not wanted:
        yield Finding(rule, values={"option": option, "value": value, "wanted": wanted})


@check("languages", N_("Languages"))
def languages() -> Iterator[Finding]:
    """Look at the languages that readers are offered."""
    from ckanext.municipal.portal import city, config

    for name in city.load(config.city_file()).languages:
        if name not in language.offered():
            yield Finding(LANGUAGE_MISSING, values={"language": name})
