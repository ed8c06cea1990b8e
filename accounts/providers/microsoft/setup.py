"""The setting ACCOUNTS_MICROSOFT and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from accounts.providers.provider import Provider, allauth_config
from accounts.providers.registry import register
from podium.core.conf import AppSettings


class MicrosoftSettings(AppSettings, prefix="ACCOUNTS_"):
    MICROSOFT: dict[str, Any] = {}
    """Sign-in with Microsoft."""


@register
@dataclass(frozen=True, kw_only=True)
class Microsoft(Provider):
    name, label = "microsoft", "Microsoft"
    settings: ClassVar[AppSettings] = MicrosoftSettings()
    needs_redirect_uris = True
    allauth_app = "allauth.socialaccount.providers.microsoft"
    verifies_addresses = False
    names_elsewhere: ClassVar[Mapping[str, str]] = {
        "serverpod": "microsoft",
        "firebase": "microsoft.com",
        "supabase": "azure",
    }

    client_id: str
    client_secret: str = ""  # needed for the web
    redirect_uris: Sequence[str] = ()
    tenants: Sequence[str] = ("common",)  # "common", "organizations", "consumers", or ids of tenants

    def for_allauth(self) -> dict[str, Any]:
        if not self.client_secret:
            return {}
        return allauth_config(self.client_id, self.client_secret, settings={"tenant": self.tenants[0]})
