"""The server: `uvicorn config.asgi:application` with the options in docs/how-to/deploying.md."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from podium.server.asgi import application

__all__ = ["application"]
