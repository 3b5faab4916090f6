"""Who may read the quality of metadata: of a dataset whoever may see it, of all public ones everybody."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.municipal.quality.mail import tokens

__all__ = [
    "municipal_quality_check",
    "municipal_quality_findings",
    "municipal_quality_history",
    "municipal_quality_mail_update",
    "municipal_quality_rules",
    "municipal_quality_show",
]


@tk.auth_allow_anonymous_access
def municipal_quality_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the dataset ``id``; everybody where none is named."""
    if data_dict.get("id"):
        tk.check_access("package_show", context, {"id": data_dict["id"]})
    return {"success": True}


@tk.auth_allow_anonymous_access
def municipal_quality_findings(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the dataset."""
    return municipal_quality_show(context, data_dict)


def municipal_quality_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset."""
    tk.check_access("package_update", context, {"id": data_dict["id"]})
    return {"success": True}


@tk.auth_allow_anonymous_access
def municipal_quality_history(context: Context, data_dict: DataDict) -> AuthResult:
    """As for the score."""
    return municipal_quality_show(context, data_dict)


@tk.auth_allow_anonymous_access
def municipal_quality_mail_update(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody for themselves: who is signed in, or has the key of a letter."""
    known = tokens.person(data_dict.get("token"), context.get("user"))
    return {"success": True} if known else {"success": False, "msg": tk._("Sign in first.")}


@tk.auth_allow_anonymous_access
def municipal_quality_rules(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}
