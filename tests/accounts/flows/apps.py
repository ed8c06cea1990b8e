"""Where this app's server finds Google and the others: at the provider of the tests."""

from __future__ import annotations

import os

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "tests.accounts.flows"

    def ready(self) -> None:
        from accounts.providers import apple, facebook, firebase, github, google, microsoft

        at = os.environ.get("FLOWS_PROVIDER", "")
        for each in (google, apple, firebase):
            each.KEYS_URL = f"{at}/keys"
        for each in (google, apple):
            each.TOKEN_URL = f"{at}/token"
        google.TOKEN_INFO_URL = f"{at}/tokeninfo"
        apple.REVOKE_URL = f"{at}/revoke"
        github.TOKEN_URL, github.API_URL = f"{at}/token", f"{at}/api"
        microsoft.LOGIN_URL, microsoft.GRAPH_URL = at, f"{at}/graph"
        facebook.GRAPH_URL = f"{at}/facebook"
