"""Who may read requests: whoever may see their dataset, visitors without an account among them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

__all__ = [
    "municipal_issue_categories",
    "municipal_issue_cells",
    "municipal_issue_search",
    "municipal_issue_show",
    "municipal_issue_statistics",
]


@tk.auth_allow_anonymous_access
def municipal_issue_search(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the dataset ``id``; without one the question is only asked."""
    if not data_dict.get("id"):
        return {"success": True}
    tk.check_access("package_show", context, {"id": data_dict["id"]})
    return {"success": True}


@tk.auth_allow_anonymous_access
def municipal_issue_show(context: Context, data_dict: DataDict) -> AuthResult:
    """As for the search."""
    return municipal_issue_search(context, data_dict)


@tk.auth_allow_anonymous_access
def municipal_issue_statistics(context: Context, data_dict: DataDict) -> AuthResult:
    """As for the search."""
    return municipal_issue_search(context, data_dict)


@tk.auth_allow_anonymous_access
def municipal_issue_categories(context: Context, data_dict: DataDict) -> AuthResult:
    """As for the search."""
    return municipal_issue_search(context, data_dict)


@tk.auth_allow_anonymous_access
def municipal_issue_cells(context: Context, data_dict: DataDict) -> AuthResult:
    """As for the search."""
    return municipal_issue_search(context, data_dict)
