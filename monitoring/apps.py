from celery.signals import worker_process_shutdown
from django.apps import AppConfig
from django.db.backends.signals import connection_created


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        from core import observe
        from monitoring import heartbeats, queries, recorder  # noqa: F401  heartbeats connects to Celery's signals

        observe.add_sink(recorder.take)
        connection_created.connect(queries.watch)
        worker_process_shutdown.connect(recorder.stop)
