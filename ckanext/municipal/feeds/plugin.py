"""Plugin ``municipal_feeds``: the catalogue for harvesters. Enable it before ``dcat``."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk


@tk.blanket.config_declarations
class MunicipalFeedsPlugin(p.SingletonPlugin):
    """Wiring only."""

    p.implements(p.IConfigurer)

    def update_config(self, config_: Any) -> None:
        """Name our templates."""
        tk.add_template_directory(config_, "templates")
