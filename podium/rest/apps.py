from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "podium.rest"
    label = "podium_rest"

    def ready(self) -> None:
        from podium.rest import checks  # noqa: F401  it registers itself
        from podium.rest.resources import checks as names  # noqa: F401  so do these
