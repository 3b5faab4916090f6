"""Plugin ``municipal_harvest``: what all our harvesters stand on. Enable it before ``harvest``."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import click
from ckan.common import CKANConfig

from ckanext.municipal.harvest import (
    doctor,  # noqa: F401 - registers its checks
    helpers,
    logic,
    outgoing,
    views,
)
from ckanext.municipal.harvest.logic import auth


@tk.blanket.config_declarations
@tk.blanket.actions(logic.get_actions)
@tk.blanket.auth_functions(auth)
@tk.blanket.blueprints(views)
@tk.blanket.helpers(helpers)
class MunicipalHarvestPlugin(p.SingletonPlugin):
    """Scheduler, source page, command line and guards of harvesting."""

    p.implements(p.IConfigurer)
    p.implements(p.IClick)

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates and assets of the source pages."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "municipal-harvest")
        # Last of the setting up, when every other plugin has brought its modules.
        outgoing.guard()

    def get_commands(self) -> list[click.Command]:
        """Attach our commands to ``ckan municipal``, the group of the whole suite."""
        from ckanext.municipal.harvest import cli  # noqa: F401 - importing attaches them

        return []
