from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import pre_migrate


class DatabaseConfig(AppConfig):
    name = "podium.database"
    label = "podium_database"

    def ready(self) -> None:
        from podium.database import prepare
        from podium.schema import extra

        self._add_types()
        try:
            extra.register(settings.BASE_DIR)
        except extra.BadExtraClass as error:
            raise ImproperlyConfigured(str(error)) from error
        pre_migrate.connect(prepare.before_migrations, sender=self)

    def _add_types(self) -> None:
        """Make the types of all apps known to the codecs."""
        from podium.schema import app_types

        for config in apps.get_app_configs():
            path = Path(config.path) / f"{app_types.MODULE}.py"
            if path.is_file():
                try:
                    app_types.add(f"{config.name}.{app_types.MODULE}", path)
                except app_types.BadTypes as error:
                    raise ImproperlyConfigured(f"{path}:{error.line}: {error}") from error
