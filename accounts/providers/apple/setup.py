"""The setting ACCOUNTS_APPLE and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.checks import CheckMessage, Warning

from accounts.providers.claims import Claims
from accounts.providers.provider import HINT, Provider, allauth_config
from accounts.providers.registry import register
from podium.core.conf import AppSettings
from podium.core.environment import Environment


class AppleSettings(AppSettings, prefix="ACCOUNTS_"):
    APPLE: dict[str, Any] = {}
    """Sign-in with Apple."""


DOMAINS = frozenset({"icloud.com", "me.com", "mac.com", "privaterelay.appleid.com"})


@register
@dataclass(frozen=True, kw_only=True)
class Apple(Provider):
    name, label = "apple", "Apple"
    settings: ClassVar[AppSettings] = AppleSettings()
    intended_by = ("bundle_ids", "service_id")
    allauth_app = "allauth.socialaccount.providers.apple"
    urls = "accounts.providers.apple.pages"
    views = ("apple_sign_in_callback",)
    revocation = "accounts.providers.apple.revocation.revoke"
    names_elsewhere: ClassVar[Mapping[str, str]] = {
        "serverpod": "apple",
        "firebase": "apple.com",
        "supabase": "apple",
    }

    bundle_ids: Sequence[str] = ()  # of the apps on iOS and macOS
    service_id: str = ""  # for Android and the web
    team_id: str = ""
    key_id: str = ""
    private_key: str = ""  # the text of the .p8 file
    redirect_uri: str = ""  # where Apple sends browsers, for Android and the web
    android_package: str = ""
    web_redirect_uri: str = ""  # the web app's page that takes the sign-in over

    @property
    def client_ids(self) -> list[str]:
        return [each for each in (self.service_id, *self.bundle_ids) if each]

    @property
    def redeems(self) -> bool:
        return bool(self.team_id and self.key_id and self.private_key)

    @classmethod
    def from_environment(cls, env: Environment) -> Mapping[str, Any]:
        key = env.str("APPLE_PRIVATE_KEY", default="", multiline=True)
        return {**super().from_environment(env), "private_key": key}

    @classmethod
    def faults(cls, given: Mapping[str, Any]) -> list[str]:
        found = super().faults(given)
        if not (given.get("bundle_ids") or given.get("service_id")):
            found.append("'bundle_ids' or 'service_id' is missing.")
        return found

    @classmethod
    def checks(cls) -> Iterator[CheckMessage]:
        yield from super().checks()
        given = cls.given()
        if cls.is_on() and not cls.faults(given) and not cls(**given).redeems:
            yield Warning(
                f"ACCOUNTS_SIGN_IN lists {cls.name!r}: without 'team_id', 'key_id' and 'private_key' in "
                "ACCOUNTS_APPLE Apple is not notified when users delete their accounts, which it requires of apps in "
                "its store.",
                hint=HINT,
                id="accounts.W001",
            )

    @classmethod
    def gives_out(cls, claims: Claims, email: str) -> bool:
        return email.rpartition("@")[2] in DOMAINS

    def for_allauth(self) -> dict[str, Any]:
        if not (self.service_id and self.redeems):
            return {}
        certificate = {"certificate_key": self.private_key}
        made = allauth_config(",".join(self.client_ids), self.key_id, key=self.team_id, settings=certificate)
        del made["OAUTH_PKCE_ENABLED"]
        return made
