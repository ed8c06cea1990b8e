from django.apps import AppConfig


class LegacyTestAppConfig(AppConfig):
    name = "tests.legacy_auth.app"
    label = "legacy_test_app"

    def ready(self) -> None:
        from accounts.throttling import throttling

        throttling.FREE["address"] = 1000  # wrong guesses: all tests together come from one address
