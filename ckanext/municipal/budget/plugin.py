"""Plugin ``municipal_budget``: actions and pages of the budget."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.municipal.budget import helpers, views
from ckanext.municipal.budget.logic import action, auth


@tk.blanket.config_declarations
@tk.blanket.actions(action)
@tk.blanket.auth_functions(auth)
@tk.blanket.helpers(helpers)
@tk.blanket.blueprints(views.get_blueprints)
class MunicipalBudgetPlugin(p.SingletonPlugin):
    """Wiring only."""

    p.implements(p.IConfigurer)

    def update_config(self, config_: Any) -> None:
        """Name our templates and styles."""
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "municipal_budget")
