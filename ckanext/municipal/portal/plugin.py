"""Plugin ``municipal``: dataset types, vocabularies, themes and Greek for a city's open data portal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation

from ckanext.municipal.portal import (
    cli,
    config,
    display,
    facets,
    helpers,
    search,
    sorting,
    spatial,
    uploads,
)
from ckanext.municipal.portal.logic.validators import get_validators


@tk.blanket.config_declarations
@tk.blanket.helpers(helpers)
@tk.blanket.actions(sorting)
@tk.blanket.validators(get_validators)
@tk.blanket.cli(cli.get_commands)
class MunicipalPlugin(DefaultTranslation, p.SingletonPlugin):
    """Wiring only."""

    p.implements(p.IConfigurer)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ITranslation)
    p.implements(p.IUploader, inherit=True)

    def update_config(self, config_: Any) -> None:
        """Name our templates, and our licences where the operator names none."""
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "municipal")
        if not config_.get("licenses_group_url"):
            config_["licenses_group_url"] = config.licences_file().as_uri()

    def i18n_directory(self) -> str:
        """Return the folder of the suite's one gettext catalogue."""
        return str(Path(__file__).resolve().parent.parent / "i18n")

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Make a dataset findable in Greek, by labels and on the map."""
        return search.searchable(spatial.placed(pkg_dict))

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Read what was typed the way a Greek reader means it."""
        return search.understood(spatial.widened(search_params))

    def after_dataset_search(self, search_results: dict[str, Any], search_params: Any) -> Any:
        """Give filters the labels of the reader's language."""
        return search.labelled(search_results)

    def before_dataset_view(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Show names in the reader's language; for pages only, the API stays the same for all."""
        return display.shown(pkg_dict)

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:
        """Name the filters of the search page."""
        return facets.offered(facets_dict)

    def group_facets(self, facets_dict: Any, group_type: str, package_type: str | None) -> Any:
        """Name the filters of a theme's page."""
        return facets.offered(facets_dict)

    def organization_facets(
        self, facets_dict: Any, organization_type: str, package_type: str | None
    ) -> Any:
        """Name the filters of a department's page."""
        return facets.offered(facets_dict)

    def get_resource_uploader(self, data_dict: dict[str, Any]) -> None:
        """Name an uploaded file readably; whichever uploader comes next stores it."""
        uploads.rename_upload(data_dict)
