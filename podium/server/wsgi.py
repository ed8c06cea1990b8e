"""Only Django, for WSGI servers: the admin, REST and accounts' pages. No calls, no streams."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from podium.server import production

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

production.read_settings()
application = get_wsgi_application()
production.refuse_unsafe()
