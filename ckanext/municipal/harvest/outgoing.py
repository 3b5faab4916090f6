"""What others ask the web goes through the guarded client: the stock harvesters, resource_proxy.

They ask by module-level ``requests.get``, ``requests.Session`` and ``urlopen``: without limits, and
wherever an address leads. Plugins of ours under the same names are impossible (which distribution
an entry point is taken from would be chance), and under other names they would leave the hole open
wherever the stock name stays in ``ckan.plugins``. ckanext-dcat's hook ``update_session`` sees one of
the sessions only, and every other plugin may exchange it again. So the names that these modules
imported are set to guarded ones, in these modules alone: Solr, mail and CKAN's own keep theirs.
"""

from __future__ import annotations

import inspect
import re
import sys
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

import ckan.plugins.toolkit as tk
import requests
from ckan.plugins import PluginImplementations
from ckanext.harvest.interfaces import IHarvester

from ckanext.municipal.harvest import config, dcat_reading
from ckanext.municipal.harvest.harvester import MunicipalHarvester
from ckanext.municipal.lib.http import GuardedRequests
from ckanext.municipal.portal import config as portal
from ckanext.municipal.portal import web


def _dcat_mb() -> int:
    return tk.asint(tk.config.get("ckanext.dcat.max_file_size") or portal.http_max_mb())


def _proxied_mb() -> int:
    limit = tk.config.get("ckan.resource_proxy.max_file_size")
    return -(-tk.asint(limit) // web.MB) if limit else portal.http_max_mb()


# Modules of the stock extensions that ask the web, and how many MB they take of an answer.
STOCK: dict[str, Callable[[], int]] = {
    "ckanext.harvest.harvesters.ckanharvester": portal.http_max_mb,
    "ckanext.dcat.harvesters.base": _dcat_mb,
    "ckanext.dcat.harvesters._json": _dcat_mb,
    "ckanext.spatial.harvesters.base": portal.http_max_mb,
    "ckanext.spatial.harvesters.waf": portal.http_max_mb,
    "ckanext.resourceproxy.blueprint": _proxied_mb,
    "owslib.util": portal.http_max_mb,
}
# What these get they take for a success, whatever its status.
_BLIND = frozenset(
    {
        "ckanext.harvest.harvesters.ckanharvester",
        "ckanext.dcat.harvesters.base",
        "ckanext.spatial.harvesters.base",
    }
)
_ASKING = re.compile(
    r"^\s*(?:import|from)\s+(requests|httpx|aiohttp|urllib3|urllib\.request|http\.client|ftplib"
    r"|paramiko|socket)\b|\b(urllib\.request)\.",
    re.MULTILINE,
)


def guard() -> None:
    """Guard the stock modules that are loaded, and those that the operator names."""
    for name, max_mb in STOCK.items():
        _guard_module(name, max_mb)
    for name in config.http_modules():
        _guard_module(name, portal.http_max_mb)
    dcat_reading.guard()


def _guard_module(name: str, max_mb: Callable[[], int]) -> None:
    # A plugin brings its modules along when it is loaded; what is not loaded asks nothing.
    if module := sys.modules.get(name):
        guarded = GuardedRequests(partial(_client, max_mb), raising=name in _BLIND)
        for attribute, value in list(vars(module).items()):
            if value is requests:
                setattr(module, attribute, guarded)
            elif value is urllib.request.urlopen:
                setattr(module, attribute, guarded.urlopen)


def _client(max_mb: Callable[[], int]) -> Any:
    return web.client(max_mb())


def unguarded_harvesters() -> Iterator[tuple[str, str]]:
    """Yield source type and module of each enabled harvester that may ask the web by itself."""
    for harvester in PluginImplementations(IHarvester):
        if isinstance(harvester, MunicipalHarvester):
            continue
        modules = {inspect.getmodule(each) for each in type(harvester).__mro__}
        for module in modules:
            if module and _asks_by_itself(module):
                yield str((harvester.info() or {}).get("name")), module.__name__


def _asks_by_itself(module: ModuleType) -> bool:
    """Tell whether a module has a way to the web other than by guarded names."""
    if module.__name__.startswith(("ckan.", "ckanext.municipal.")) or module.__name__ == "builtins":
        return False
    named = {value for value in vars(module).values() if isinstance(value, GuardedRequests)}
    try:
        source = inspect.getsource(module)
    except (OSError, TypeError):
        return False
    found = {first or second for first, second in _ASKING.findall(source)}
    if named:
        found.discard("requests")
    guarded_urlopen = getattr(getattr(module, "urlopen", None), "__self__", None)
    if isinstance(guarded_urlopen, GuardedRequests):
        found.discard("urllib.request")
    return bool(found)
