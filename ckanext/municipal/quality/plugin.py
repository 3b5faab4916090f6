"""Plugin ``municipal_quality``: what metadata is worth, and what to mend first."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import click

from ckanext.municipal.portal.interfaces import IRecords, IRounds, Record
from ckanext.municipal.quality import doctor as doctor  # noqa: PLC0414 - registers its checks
from ckanext.municipal.quality import helpers, jobs, keeping, views
from ckanext.municipal.quality.logic import action, auth


@tk.blanket.config_declarations
@tk.blanket.actions(action)
@tk.blanket.auth_functions(auth)
@tk.blanket.blueprints(views.get_blueprints)
@tk.blanket.helpers(helpers)
class MunicipalQualityPlugin(p.SingletonPlugin):
    """Wiring only."""

    p.implements(p.IClick)
    p.implements(p.IConfigurer)
    p.implements(IRecords)
    p.implements(IRounds)

    def get_commands(self) -> list[click.Command]:
        """Attach our commands to ``ckan municipal``, the group of the whole suite."""
        from ckanext.municipal.quality import cli  # noqa: F401 - importing attaches them

        return []

    def update_config(self, config_: Any) -> None:
        """Name our templates and styles."""
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "municipal_quality")

    def record_settled(self, connection: Any, dataset_id: str, record: Record | None) -> None:
        """Score a dataset whose record was made."""
        keeping.keep(connection, dataset_id, record)

    def records_version(self) -> str:
        """Have every record told anew when their facts are read otherwise."""
        return keeping.VERSION

    def do_round(self) -> None:
        """Have files read, owners told, and links checked, that are due."""
        jobs.start()
