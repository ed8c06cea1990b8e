from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "files"

    def ready(self) -> None:
        from files import checks, uploads  # noqa: F401  checks and the deletion of bytes make themselves known
