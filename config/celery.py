"""The Celery application: `celery -A config.celery worker`, `celery -A config.celery beat`."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")  # Celery reads it when an app is created

from celery import signals

from config import production
from tasks.broker import app

__all__ = ["app"]


@signals.import_modules.connect  # the first signal of a worker or scheduler
def _refuse_unsafe(**kwargs: Any) -> None:
    production.refuse_unsafe()
