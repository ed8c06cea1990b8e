"""The Celery application: `celery -A config.celery worker`, `celery -A config.celery beat`."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")  # Celery reads it when an app is created

from importlib import import_module

from celery import Celery, signals
from django.conf import settings

from podium.server import production

production.read_settings()
production.require_app("tasks", of="The worker and the scheduler", installed=settings.INSTALLED_APPS)

app: Celery = import_module("tasks.broker").app

__all__ = ["app"]


@signals.import_modules.connect  # the first signal of a worker or scheduler
def _refuse_unsafe(**kwargs: Any) -> None:
    production.refuse_unsafe()
