"""The demonstration city on the portal: its files, its datasets, its sources harvested, its own program."""

from __future__ import annotations

import subprocess
from pathlib import Path

from dev import requests_site
from dev.errors import Stop
from dev.layout import Layout
from dev.site import Machine
from dev.state import State
from dev.steps import step

SOME_SET_ASIDE = 1
"""Exit code of a harvest that published everything but the rows it set aside, as the demonstration has some."""


def folder(layout: Layout) -> Path:
    """Return where the city's files are: its exports in `inbox/`, its sources in `harvesters/`, keys in `secrets/`."""
    return layout.var / "city"


def options(layout: Layout, state: State, allowed: str = "") -> dict[str, str]:
    """Return the options of ckan.ini that tell harvesting where the city's files and its program are.

    `allowed` are the addresses that the template allows already.
    """
    files = folder(layout)
    return {
        "ckanext.municipal.harvest.inbox": str(files / "inbox"),
        "ckanext.municipal.harvesters": str(files / "harvesters"),
        "ckanext.municipal.harvest.secrets": str(requests_site.secrets(files)),
        "ckanext.municipal.http.allow": f"{allowed} {requests_site.host(layout, state)}".strip(),
    }


def link_sources(layout: Layout) -> None:
    """Show the portal the sources of the checkout beside those of the demonstration."""
    shown = folder(layout) / "harvesters"
    shown.mkdir(parents=True, exist_ok=True)
    (folder(layout) / "inbox").mkdir(exist_ok=True)
    for source in sorted((layout.root / "harvesters").glob("*.yaml")):
        link = shown / source.name
        if not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(source)


def load(machine: Machine) -> None:
    """Write the demonstration city, load its datasets and harvest its budgets; run again, it changes nothing.

    Raises `Stop` when the portal refuses any of it.
    """
    layout, site = machine.layout, machine.layout.portal
    with step("Demonstration city: files"):
        _write(layout)
    with step("Demonstration city: datasets"):
        machine.ckan(site, "municipal", "demo", "load", str(folder(layout)))
    for source in sorted((folder(layout) / "harvesters").glob("*-budget.yaml")):
        if not source.is_symlink():
            with step(f"Harvest {source.stem}"):
                words = ("municipal", "harvest", str(source))
                machine.ckan(site, *words, accept=(0, SOME_SET_ASIDE))


def load_requests(machine: Machine) -> None:
    """Harvest the demonstration city's requests from its program, once for every address that this has.

    Raises `Stop` when that does not succeed.
    """
    layout, state, files = machine.layout, machine.state, folder(machine.layout)
    made, address = f"{layout.portal.name}-requests", requests_site.address(layout, machine.state)
    if state.get("made", made) == address:
        return
    source = requests_site.source_file(files)
    with step(f"Harvest {source.stem}"), requests_site.served(layout, state, files):
        machine.ckan(layout.portal, "municipal", "harvest", str(source))
    state.put("made", made, address)


def _write(layout: Layout) -> None:
    done = subprocess.run(
        [layout.python, "-m", "dev.demo", folder(layout)],
        cwd=layout.root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Stop(f"The demonstration city could not be written: {done.stderr.strip()[-300:]}")
