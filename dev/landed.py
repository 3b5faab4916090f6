"""What of the suite is written so far."""

from __future__ import annotations

from dev.layout import Layout

MODULES = {
    "municipal": "portal/plugin.py",
    "municipal_harvest": "harvest/plugin.py",
    "municipal_budget": "budget/plugin.py",
    "municipal_budget_harvester": "budget/harvester.py",
}


def has(layout: Layout, plugin: str) -> bool:
    """Say whether the module of that plugin is there."""
    return (layout.root / "ckanext" / "municipal" / MODULES[plugin]).exists()


def has_harvest_commands(layout: Layout) -> bool:
    """Say whether `ckan municipal harvest` and `ckan municipal scheduler` are there."""
    return (layout.root / "ckanext" / "municipal" / "harvest" / "cli.py").exists()


def present(layout: Layout, settings: str) -> str:
    """Return a settings file without those of our plugins whose module is not there."""
    return "\n".join(
        line
        for line in settings.splitlines()
        if line.strip() not in MODULES or has(layout, line.strip())
    )
