from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import pre_migrate


class DatabaseConfig(AppConfig):
    name = "database"

    def ready(self) -> None:
        from database import prepare
        from schema import extra

        try:
            extra.register(settings.BASE_DIR)
        except extra.BadExtraClass as error:
            raise ImproperlyConfigured(str(error)) from error
        pre_migrate.connect(prepare.before_migrations, sender=self)
