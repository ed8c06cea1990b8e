"""The Celery application: `celery -A config.celery worker`, `celery -A config.celery beat`."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, signals

from config import production
from tasks import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

broker.install()
app = Celery("podium")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.import_modules.connect  # a worker's and a scheduler's first signal
def _refuse_unsafe(**kwargs: Any) -> None:
    production.refuse_unsafe()
