"""Plugin ``municipal``: dataset types, vocabularies, themes and Greek for a city's open data portal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation

from ckanext.municipal.portal import cli, config, helpers
from ckanext.municipal.portal.logic.validators import get_validators


@tk.blanket.config_declarations
@tk.blanket.helpers(helpers)
@tk.blanket.validators(get_validators)
@tk.blanket.cli(cli.get_commands)
class MunicipalPlugin(DefaultTranslation, p.SingletonPlugin):
    """Wiring only."""

    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)

    def update_config(self, config_: Any) -> None:
        """Name our templates, and our licences where the operator names none."""
        tk.add_template_directory(config_, "templates")
        if not config_.get("licenses_group_url"):
            config_["licenses_group_url"] = config.licences_file().as_uri()

    def i18n_directory(self) -> str:
        """Return the folder of the suite's one gettext catalogue."""
        return str(Path(__file__).resolve().parent.parent / "i18n")
