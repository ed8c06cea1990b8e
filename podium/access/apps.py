from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccessConfig(AppConfig):
    name = "podium.access"
    label = "podium_access"

    def ready(self) -> None:
        autodiscover_modules("access")
        from podium.access import checks  # noqa: F401  they register themselves
