from celery import current_app
from celery.signals import beat_init
from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import autodiscover_modules


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self) -> None:
        from tasks import recurring
        from tasks.checks import check_tasks

        autodiscover_modules("tasks")
        register(check_tasks)
        recurring.register(current_app)
        beat_init.connect(recurring.tidy)
