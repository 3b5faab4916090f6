"""The token of forms, checked where CKAN may leave it out."""

from __future__ import annotations

from flask import current_app, g


def check_token() -> None:
    """Refuse (400) a request of a signed-in person without the token of the session's forms.

    CKAN leaves extensions out of its own check unless ``ckan.csrf_protection.ignore_extensions`` is
    false. Who is not signed in, or by an API token, has no authority that another page could use.
    """
    if current_app.config["WTF_CSRF_ENABLED"] and not getattr(g, "_csrf_exempt_view", False):
        current_app.extensions["csrf"].protect()
