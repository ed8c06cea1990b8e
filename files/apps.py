from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "files"

    def ready(self) -> None:
        from files import checks, export, limits, subjects, uploads  # noqa: F401  they register themselves
