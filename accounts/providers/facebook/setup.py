"""The setting ACCOUNTS_FACEBOOK and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from accounts.providers.provider import Provider, allauth_config
from accounts.providers.registry import register
from podium.core.conf import AppSettings


class FacebookSettings(AppSettings, prefix="ACCOUNTS_"):
    FACEBOOK: dict[str, Any] = {}
    """Sign-in with Facebook."""


@register
@dataclass(frozen=True, kw_only=True)
class Facebook(Provider):
    name, label = "facebook", "Facebook"
    settings: ClassVar[AppSettings] = FacebookSettings()
    intended_by = ("app_id",)
    allauth_app = "allauth.socialaccount.providers.facebook"
    verifies_addresses = False
    picture_hosts = ("graph.facebook.com", ".fbsbx.com", ".fbcdn.net")
    names_elsewhere: ClassVar[Mapping[str, str]] = {
        "serverpod": "facebook",
        "firebase": "facebook.com",
        "supabase": "facebook",
    }

    app_id: str
    app_secret: str

    def for_allauth(self) -> dict[str, Any]:
        return {**allauth_config(self.app_id, self.app_secret), "METHOD": "oauth2"}
