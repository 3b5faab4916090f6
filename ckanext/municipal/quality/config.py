"""The options of metadata quality: the only place that reads them (`config_declaration.yaml`)."""

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk


def checks_links() -> bool:
    """Return whether links are checked by themselves."""
    return tk.asbool(tk.config.get("ckanext.municipal.quality.links"))


def checked_types() -> list[str]:
    """Return the types of datasets whose files are checked by themselves."""
    return tk.aslist(tk.config.get("ckanext.municipal.quality.files"))


def mail() -> str | None:
    """Return how often owners of departments are told who chose nothing; None where nobody is told.

    That is so too while no letter can leave: CKAN needs ``smtp.mail_from``.
    """
    return usual_mail() if tk.config.get("smtp.mail_from") else None


def usual_mail() -> str | None:
    """Return what the operator chose, whether letters can leave or not."""
    usual = str(tk.config.get("ckanext.municipal.quality.mail") or "off")
    return usual if usual in ("daily", "weekly") else None


def period() -> timedelta:
    """Return how long after an address answered it is asked again."""
    return timedelta(days=max(tk.asint(tk.config.get("ckanext.municipal.quality.days")), 1))


def pause() -> float:
    """Return the seconds between two requests to one server."""
    return max(float(tk.config.get("ckanext.municipal.quality.pause") or 0), 0.0)
