"""Identities at providers that this server has not been set up for: those that people brought along. They are shown.

allauth knows the providers that have an app; of any other it raises, on the page where someone looks at the own ones.
"""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest


class ProviderElsewhere(Provider):
    """A name, and no way to sign in."""

    uses_apps = False
    account_class = ProviderAccount

    def __init__(self, request: HttpRequest, name: str) -> None:
        super().__init__(request)
        self.id, self.name = name, name.capitalize()


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Behind SOCIALACCOUNT_ADAPTER."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        try:
            return super().get_provider(request, provider, client_id=client_id)
        except (ImproperlyConfigured, SocialApp.DoesNotExist):
            return ProviderElsewhere(request, provider)
