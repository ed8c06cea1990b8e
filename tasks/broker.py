"""This project's Celery application. All code that sends or receives messages imports it from here.

Celery's `current_app` is thread-local. On a thread that Celery did not start, it can be a fallback application, whose
broker is amqp://localhost.
"""

from __future__ import annotations

from celery import Celery

app = Celery("podium")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()  # for third-party code: `shared_task`, django-celery-beat
