"""What the doctor looks at in harvesting."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk
from ckan.plugins import plugin_loaded

from ckanext.municipal.harvest import outgoing
from ckanext.municipal.lib.http.addresses import Allowed
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal.config import http_allow
from ckanext.municipal.portal.doctor import check
from ckanext.municipal.quality.findings import Finding, Rule, Severity

UNGUARDED = Rule(
    "doctor-unguarded-harvester",
    Severity.ERROR,
    N_("Sources of the type {type} ask the web without the guard: {module} does it by itself."),
    N_(
        "Add {module} to the option ckanext.municipal.http.modules, or remove its plugin from"
        " ckan.plugins."
    ),
)
UNREADABLE = Rule(
    "doctor-http-allow",
    Severity.ERROR,
    N_("ckanext.municipal.http.allow cannot be read: {reason}."),
    N_("Write host, host:port or a block of addresses as 10.1.0.0/16, separated by spaces."),
)
WIDE = Rule(
    "doctor-http-allow-wide",
    Severity.WARNING,
    N_("ckanext.municipal.http.allow opens {block}: more than {count} addresses."),
    N_("Name the hosts that sources are read from."),
)
DOWNLOADS = Rule(
    "doctor-unguarded-download",
    Severity.WARNING,
    N_("The plugin {plugin} downloads what resources link to, inside the network too."),
    N_(
        "Let it download by a proxy that refuses addresses inside (ckan.download_proxy), or remove"
        " it from ckan.plugins: tables of this suite are loaded without it."
    ),
)
_MANY = 65_536
# Their downloads are made by other programs or workers, where no name of a module can be guarded.
_DOWNLOADING = ("archiver", "datapusher", "datapusher_plus", "qa", "xloader")


@check("outgoing", N_("Requests of harvesters"))
def outgoing_requests() -> Iterator[Finding]:
    """Look for harvesters that ask unguarded, and at what the operator allows."""
    for type_, module in outgoing.unguarded_harvesters():
        yield Finding(UNGUARDED, values={"type": type_, "module": module})
    if not tk.config.get("ckan.download_proxy"):
        for plugin in filter(plugin_loaded, _DOWNLOADING):
            yield Finding(DOWNLOADS, values={"plugin": plugin})
    try:
        allowed = Allowed.parse(http_allow())
    except ValueError as error:
        yield Finding(UNREADABLE, values={"reason": str(error)})
        return
    for block in allowed.blocks:
        if block.num_addresses > _MANY:
            yield Finding(WIDE, values={"block": str(block), "count": _MANY})
