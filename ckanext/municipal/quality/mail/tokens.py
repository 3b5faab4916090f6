"""The key in a letter by which its reader may choose how often there is one, without signing in."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
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


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(tk.config["SECRET_KEY"]), salt=_SALT)
