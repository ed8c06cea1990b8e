from django.apps import AppConfig
from django.db.models.signals import pre_migrate


class DatabaseConfig(AppConfig):
    name = "database"

    def ready(self) -> None:
        from database import prepare

        pre_migrate.connect(prepare.before_migrations, sender=self)
