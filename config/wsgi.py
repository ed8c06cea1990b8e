"""Django alone, for WSGI servers: the admin, REST and accounts' pages. No calls, no streams."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config import production  # noqa: E402  needs Django's settings

production.refuse_unsafe()
