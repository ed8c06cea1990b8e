from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "tests.database.library"
