from celery.signals import beat_init
from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import autodiscover_modules


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self) -> None:
        from tasks import recurring
        from tasks.broker import app
        from tasks.checks import check_tasks, require_settings

        require_settings()
        autodiscover_modules("tasks")
        register(check_tasks)
        recurring.register(app)
        beat_init.connect(recurring.tidy)
