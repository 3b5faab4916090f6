"""Plugin ``municipal_feeds``: the catalogue for harvesters. Enable it before ``dcat``."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import click
import flask

from ckanext.municipal.feeds import (
    doctor,  # noqa: F401 - registers its checks
    helpers,
    views,
)


@tk.blanket.config_declarations
@tk.blanket.helpers(helpers)
class MunicipalFeedsPlugin(p.SingletonPlugin):
    """Wiring only."""

    p.implements(p.IBlueprint)
    p.implements(p.IClick)
    p.implements(p.IConfigurer)

    def get_blueprint(self) -> list[flask.Blueprint]:
        """Return the addresses of the feeds."""
        return views.get_blueprints()

    def get_commands(self) -> list[click.Command]:
        """Attach our commands to ``ckan municipal``, the group of the whole suite."""
        from ckanext.municipal.feeds import cli  # noqa: F401 - importing attaches them

        return []

    def update_config(self, config_: Any) -> None:
        """Name our templates."""
        tk.add_template_directory(config_, "templates")
