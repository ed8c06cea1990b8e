from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import bearer  # noqa: F401  OpenAPI learns of the bearer tokens
