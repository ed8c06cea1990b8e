from django.apps import AppConfig


class DevConfig(AppConfig):
    name = "podium.dev"
    label = "podium_dev"

    def ready(self) -> None:
        from podium.dev import checks  # noqa: F401  they register themselves
