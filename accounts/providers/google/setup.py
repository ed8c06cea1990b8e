"""The setting ACCOUNTS_GOOGLE and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from accounts.providers.claims import Claims
from accounts.providers.provider import Provider, allauth_config
from accounts.providers.registry import register
from podium.core.conf import AppSettings


class GoogleSettings(AppSettings, prefix="ACCOUNTS_"):
    GOOGLE: dict[str, Any] = {}
    """Sign-in with Google. The keys of all providers: docs/how-to/sign-in-providers.md."""


@register
@dataclass(frozen=True, kw_only=True)
class Google(Provider):
    name, label = "google", "Google"
    settings: ClassVar[AppSettings] = GoogleSettings()
    intended_by = ("client_ids",)
    allauth_app = "allauth.socialaccount.providers.google"
    picture_hosts = (".googleusercontent.com",)
    names_elsewhere: ClassVar[Mapping[str, str]] = {
        "serverpod": "google",
        "firebase": "google.com",
        "supabase": "google",
    }

    client_ids: Sequence[str]  # that of the web application first; it is the one codes are redeemed with
    client_secret: str = ""  # of the first
    redirect_uris: Sequence[str] = ()

    @classmethod
    def gives_out(cls, claims: Claims, email: str) -> bool:
        """Test for an address of Gmail or of an organisation that Google hosts ("hd").

        Source: developers.google.com/identity/gsi/web/guides/verify-google-id-token.
        """
        return email.endswith("@gmail.com") or bool(claims.raw.get("hd"))

    def for_allauth(self) -> dict[str, Any]:
        return allauth_config(self.client_ids[0], self.client_secret) if self.client_secret else {}
