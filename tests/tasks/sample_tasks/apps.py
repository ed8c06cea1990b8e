from django.apps import AppConfig


class SampleTasksConfig(AppConfig):
    name = "tests.tasks.sample_tasks"
