"""Plugin ``municipal_harvest``: what all our harvesters stand on. Enable it before ``harvest``."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk


@tk.blanket.config_declarations
class MunicipalHarvestPlugin(p.SingletonPlugin):
    """Scheduler, source page, command line and guards of harvesting."""
