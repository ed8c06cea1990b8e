from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "tests.notes"

    def ready(self) -> None:
        from tests.notes import users  # noqa: F401  its receivers make themselves known
