"""In whose name the portal itself acts."""

from __future__ import annotations

from typing import cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context


def site_context() -> Context:
    """Return a fresh context for an action: as the harvest user, with every right."""
    name = tk.config.get("ckanext.harvest.user_name")
    if not name:
        name = tk.get_action("get_site_user")(cast(Context, {"ignore_auth": True}), {})["name"]
    # ckanext-harvest's actions still read the model and the session from the context.
    context = {"user": name, "ignore_auth": True, "model": model, "session": model.Session}
    return cast(Context, context)
