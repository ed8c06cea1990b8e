"""The Celery application: `celery -A config.celery worker`, `celery -A config.celery beat`."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")  # Celery looks for it when an app is made

from tasks.broker import app

__all__ = ["app"]
