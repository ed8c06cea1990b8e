from django.apps import AppConfig


class LaboratoryConfig(AppConfig):
    name = "tests.tasks.laboratory"
