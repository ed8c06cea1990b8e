import os

from django.apps import AppConfig


class StandInsConfig(AppConfig):
    """Has providers asked at PROVIDER_URL, a server on this machine that plays them."""

    name = "tests.legacy_auth.stand_ins"

    def ready(self) -> None:
        from accounts.providers.apple import claims as apple
        from accounts.providers.firebase import claims as firebase
        from accounts.providers.google import claims as google

        apple.KEYS_URL = firebase.KEYS_URL = google.KEYS_URL = f"{os.environ['PROVIDER_URL']}/keys"
        google.TOKEN_URL = f"{os.environ['PROVIDER_URL']}/token"
