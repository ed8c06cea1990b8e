"""The setting ACCOUNTS_OIDC and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.checks import CheckMessage, Error

from accounts.providers import registry
from accounts.providers.provider import HINT, Provider
from podium.core.conf import AppSettings
from podium.core.environment import Environment


class OpenIDConnectSettings(AppSettings, prefix="ACCOUNTS_"):
    OIDC: dict[str, dict[str, Any]] = {}
    """Other providers that speak OpenID Connect, by a name for each."""


@registry.register
@dataclass(frozen=True, kw_only=True)
class OpenIDConnect(Provider):
    """One of ACCOUNTS_OIDC, a dict of these by the name that apps and the database call the provider."""

    name, label = "oidc", "OpenID Connect"
    settings: ClassVar[AppSettings] = OpenIDConnectSettings()
    allauth_app = "allauth.socialaccount.providers.openid_connect"

    issuer: str
    client_ids: Sequence[str]
    client_secret: str = ""
    redirect_uris: Sequence[str] = ()

    @classmethod
    def from_environment(cls, env: Environment) -> Mapping[str, Any]:
        return env.table("OIDC_PROVIDERS")

    @classmethod
    def identities(cls) -> Collection[str]:
        return cls.given()

    @classmethod
    def reserved(cls) -> set[str]:
        """The names of the other providers, which none of ACCOUNTS_OIDC may have."""
        return {name for name, each in registry.every().items() if each is not cls}

    @classmethod
    def checks(cls) -> Iterator[CheckMessage]:
        given = cls.given()
        if cls.is_on() and not given:
            yield cls.error("ACCOUNTS_OIDC names no provider.")
        if given and not cls.is_on():
            yield cls.not_listed("ACCOUNTS_OIDC")
        for name, each in given.items():
            if name in cls.reserved():
                yield Error(
                    f"ACCOUNTS_OIDC: {name!r} is the name of another provider. Choose another name.",
                    id="accounts.E002",
                )
            for fault in cls.faults(each):
                yield Error(f"ACCOUNTS_OIDC[{name!r}]: {fault}", hint=HINT, id="accounts.E002")

    @classmethod
    def on_pages(cls) -> dict[str, Any]:
        found = [
            cls(**each).for_allauth() | {"provider_id": name, "name": name}
            for name, each in cls.given().items()
            if not cls.faults(each)
        ]
        return {"openid_connect": {"APPS": found}} if found else {}

    def for_allauth(self) -> dict[str, Any]:
        return {
            "client_id": self.client_ids[0],
            "secret": self.client_secret,
            "settings": {"server_url": self.issuer, "oauth_pkce_enabled": True},
        }
