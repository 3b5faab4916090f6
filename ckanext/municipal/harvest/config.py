"""The options of harvesting: the only place that reads them (`config_declaration.yaml`)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import ckan.plugins.toolkit as tk

_PACKAGE = Path(__file__).parent.parent


def harvesters_folder() -> Path:
    """Return the folder of the sources' YAML files."""
    configured = tk.config.get("ckanext.municipal.harvesters")
    return Path(configured) if configured else _PACKAGE / "harvesters"


def inbox_root() -> Path | None:
    """Return the folder below which inboxes may lie, None where the operator allows none."""
    configured = tk.config.get("ckanext.municipal.harvest.inbox")
    return Path(configured) if configured else None


def secrets_folder() -> Path | None:
    """Return the folder of the secrets that sources name, None where the operator gave none."""
    configured = tk.config.get("ckanext.municipal.harvest.secrets")
    return Path(configured) if configured else None


def http_modules() -> list[str]:
    """Return the modules of other extensions whose ``requests`` and ``urlopen`` are guarded too."""
    return tk.aslist(tk.config.get("ckanext.municipal.http.modules") or [])


def max_triples() -> int:
    """Return how many triples an RDF document may have."""
    return tk.asint(tk.config.get("ckanext.municipal.harvest.max_triples"))


def deletion_share() -> float:
    """Return the share of a source's records (0 to 1) that may vanish without a question."""
    return float(tk.config.get("ckanext.municipal.harvest.deletion_share") or 0)


def attempts() -> int:
    """Return how often a record may kill its worker."""
    return tk.asint(tk.config.get("ckanext.municipal.harvest.attempts"))


def timeout() -> timedelta:
    """Return how long a run may show no progress."""
    return timedelta(minutes=tk.asint(tk.config.get("ckanext.municipal.harvest.timeout")))


def keep_jobs() -> int:
    """Return how many finished jobs of a source keep their history."""
    return tk.asint(tk.config.get("ckanext.municipal.harvest.keep_jobs"))


def findings_limit() -> int:
    """Return how many findings of one record are stored."""
    return tk.asint(tk.config.get("ckanext.municipal.harvest.findings"))


def interval() -> int:
    """Return the seconds between two rounds of the scheduler."""
    return tk.asint(tk.config.get("ckanext.municipal.harvest.interval"))
