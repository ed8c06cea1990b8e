"""The Celery application of this project. Everything that sends or receives a message uses it by name.

Celery's `current_app` is a value of each thread: on one that Celery did not start it can be a fallback application,
whose broker is amqp://localhost.
"""

from __future__ import annotations

from celery import Celery

app = Celery("podium")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()  # for code that we do not write: `shared_task`, django-celery-beat
