from django.apps import AppConfig


class TestServerModuleConfig(AppConfig):
    name = "tests.testserver.module"
    label = "testserver_module"
