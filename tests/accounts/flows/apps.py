"""The app of the flows: directs requests to Google and other providers to the provider of the tests."""

from __future__ import annotations

import os

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "tests.accounts.flows"

    def ready(self) -> None:
        from accounts.providers.apple import claims as apple
        from accounts.providers.apple import revocation
        from accounts.providers.facebook import claims as facebook
        from accounts.providers.firebase import claims as firebase
        from accounts.providers.github import claims as github
        from accounts.providers.google import claims as google
        from accounts.providers.microsoft import claims as microsoft

        at = os.environ.get("FLOWS_PROVIDER", "")
        google.KEYS_URL = apple.KEYS_URL = firebase.KEYS_URL = f"{at}/keys"
        google.TOKEN_URL = apple.TOKEN_URL = f"{at}/token"
        google.TOKEN_INFO_URL = f"{at}/tokeninfo"
        revocation.REVOKE_URL = f"{at}/revoke"
        github.TOKEN_URL, github.API_URL = f"{at}/token", f"{at}/api"
        microsoft.LOGIN_URL, microsoft.GRAPH_URL = at, f"{at}/graph"
        facebook.GRAPH_URL = f"{at}/facebook"
