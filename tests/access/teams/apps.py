from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "tests.access.teams"
