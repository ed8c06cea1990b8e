from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # A task that is sent from here must know the broker; the checks register themselves.
        from config import celery, checks  # noqa: F401
