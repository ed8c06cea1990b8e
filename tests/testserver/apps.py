from django.apps import AppConfig


class TestServerConfig(AppConfig):
    name = "tests.testserver"
