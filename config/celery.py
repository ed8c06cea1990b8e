"""The worker and the scheduler: `celery -A config.celery worker`, `celery -A config.celery beat`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from podium.server.celery import app

__all__ = ["app"]
