"""The portal as a WSGI application, for the web server; the settings file is named by `CKAN_INI`."""

from __future__ import annotations

import os
from logging.config import fileConfig

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

_settings = os.environ["CKAN_INI"]
fileConfig(_settings, disable_existing_loggers=False)
application = make_app(CKANConfigLoader(_settings).get_config())
