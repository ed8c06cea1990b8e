from django.apps import AppConfig


class LegacyChatConfig(AppConfig):
    name = "legacy_chat"
    verbose_name = "Legacy module serverpod_chat"
    automatic_admin = False

    def ready(self) -> None:
        from legacy_chat import receivers  # noqa: F401  they make themselves known
