"""Plugin ``municipal_issues``: citizens' requests for people and programs."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import flask

from ckanext.municipal.issues import helpers, views
from ckanext.municipal.issues.logic import action, auth
from ckanext.municipal.issues.open311 import views as open311


@tk.blanket.actions(action)
@tk.blanket.auth_functions(auth)
@tk.blanket.helpers(helpers)
class MunicipalIssuesPlugin(p.SingletonPlugin):
    """Wiring only."""

    p.implements(p.IBlueprint)
    p.implements(p.IConfigurer)

    def get_blueprint(self) -> list[flask.Blueprint]:
        """Return the pages and Open311."""
        return [*views.get_blueprints(), *open311.get_blueprints()]

    def update_config(self, config_: Any) -> None:
        """Name our templates, styles and scripts."""
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "municipal_issues")
