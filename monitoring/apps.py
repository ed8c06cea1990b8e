from celery.signals import worker_process_shutdown
from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        from monitoring import queries, recorder
        from podium.core import observe

        if apps.is_installed("tasks"):
            from monitoring import heartbeats  # noqa: F401  it connects to Celery's signals
        observe.add_sink(recorder.take)
        connection_created.connect(queries.watch)
        worker_process_shutdown.connect(recorder.stop)
