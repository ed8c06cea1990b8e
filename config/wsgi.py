"""Django's pages alone, for WSGI servers: the admin, REST and accounts' pages. No calls, no streams."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from podium.server.wsgi import application

__all__ = ["application"]
