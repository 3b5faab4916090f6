"""Plugin ``municipal_issues``: citizens' requests for people and programs."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.municipal.issues.logic import action, auth
from ckanext.municipal.issues.open311 import views as open311


@tk.blanket.actions(action)
@tk.blanket.auth_functions(auth)
@tk.blanket.blueprints(open311.get_blueprints)
class MunicipalIssuesPlugin(p.SingletonPlugin):
    """Wiring only."""
