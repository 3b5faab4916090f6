"""The portal as a WSGI application, for the web server; the settings file is named by `CKAN_INI`."""

from __future__ import annotations

import os
from logging.config import fileConfig

from ckan.authz import auth_functions_list
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.logic import get_action, get_validator

_settings = os.environ["CKAN_INI"]
fileConfig(_settings, disable_existing_loggers=False)
application = make_app(CKANConfigLoader(_settings).get_config())

# CKAN gathers these at their first use, and requests in several threads would meet them half gathered.
get_action("status_show")
get_validator("not_empty")
auth_functions_list()
