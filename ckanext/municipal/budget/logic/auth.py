"""Who may read budgets: whoever may see their datasets, visitors without an account among them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

__all__ = [
    "municipal_budget_compare",
    "municipal_budget_execution",
    "municipal_budget_lines",
    "municipal_budget_tree",
    "municipal_budget_years",
]


@tk.auth_allow_anonymous_access
def municipal_budget_years(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody may ask; the answer holds the years of datasets that the reader may see."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def municipal_budget_tree(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the dataset ``id`` of the year; without one the question is only asked."""
    if not data_dict.get("id"):
        return {"success": True}
    tk.check_access("package_show", context, {"id": data_dict["id"]})
    return {"success": True}


@tk.auth_allow_anonymous_access
def municipal_budget_lines(context: Context, data_dict: DataDict) -> AuthResult:
    """As for the tree."""
    return municipal_budget_tree(context, data_dict)


@tk.auth_allow_anonymous_access
def municipal_budget_execution(context: Context, data_dict: DataDict) -> AuthResult:
    """As for the tree."""
    return municipal_budget_tree(context, data_dict)


@tk.auth_allow_anonymous_access
def municipal_budget_compare(context: Context, data_dict: DataDict) -> AuthResult:
    """As for the tree, asked for each of the years."""
    return municipal_budget_tree(context, data_dict)
