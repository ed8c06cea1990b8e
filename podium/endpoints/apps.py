from django.apps import AppConfig


class EndpointsConfig(AppConfig):
    name = "podium.endpoints"
    label = "podium_endpoints"

    def ready(self) -> None:
        from podium.endpoints import checks  # noqa: F401  they register themselves
