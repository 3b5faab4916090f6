"""The key in a letter by which its reader may choose how often there is one, without signing in."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "municipal-quality-mail"


def made(user_id: str) -> str:
    """Return the key of somebody; it is good for this choice alone, and as long as the portal's own key."""
    return _serializer().dumps(user_id)


def user_of(token: str) -> str | None:
    """Return whose key it is; None for what is none."""
    try:
        said = _serializer().loads(token)
    except BadSignature:
        return None
    return said if isinstance(said, str) else None


def person(token: str | None, user: str | None) -> Any:
    """Return who chooses: the one of the key if there is one, else who is signed in; None for nobody."""
    reference = user_of(token) if token else user
    return model.User.get(reference) if reference else None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(tk.config["SECRET_KEY"]), salt=_SALT)
