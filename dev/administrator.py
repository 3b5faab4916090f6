"""Make the portal's first system administrator; run inside CKAN's environment, with the password on standard input.

A password on the command line could be read by every user of the machine.
"""

from __future__ import annotations

import sys

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app


def ensure(name: str, password: str) -> None:
    """Make the account `name` a system administrator with that password, or leave it as it is if it is one."""
    from ckan import model
    from ckan.plugins import toolkit

    known = model.User.get(name)
    if known is None:
        toolkit.get_action("user_create")(
            {"ignore_auth": True, "user": ""},
            {"name": name, "email": f"{name}@localhost", "password": password},
        )
        known = model.User.get(name)
    if known is not None and not known.sysadmin:
        known.sysadmin = True
        model.Session.commit()


if __name__ == "__main__":
    settings, account = sys.argv[1:]
    make_app(CKANConfigLoader(settings).get_config())
    ensure(account, sys.stdin.read())
