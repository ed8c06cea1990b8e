from django.apps import AppConfig


class RowsConfig(AppConfig):
    name = "podium.rows"
    label = "podium_rows"

    def ready(self) -> None:
        from podium.rows import checks  # noqa: F401  they register themselves
