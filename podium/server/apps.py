from types import ModuleType

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from podium.core import left_out


class ServerConfig(AppConfig):
    name = "podium.server"
    label = "podium_server"

    def __init__(self, app_name: str, app_module: ModuleType | None) -> None:
        """Raises ImproperlyConfigured, before any model is imported, if an app is missing that can't be left out."""
        left_out.require(settings.INSTALLED_APPS)
        super().__init__(app_name, app_module)

    def ready(self) -> None:
        from podium.server import checks, probes  # noqa: F401  the checks register themselves

        autodiscover_modules("health")
        probes.declare()
