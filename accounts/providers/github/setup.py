"""The setting ACCOUNTS_GITHUB and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from accounts.providers.provider import Provider, allauth_config
from accounts.providers.registry import register
from podium.core.conf import AppSettings


class GitHubSettings(AppSettings, prefix="ACCOUNTS_"):
    GITHUB: dict[str, Any] = {}
    """Sign-in with GitHub."""


@register
@dataclass(frozen=True, kw_only=True)
class GitHub(Provider):
    name, label = "github", "GitHub"
    settings: ClassVar[AppSettings] = GitHubSettings()
    needs_redirect_uris = True
    allauth_app = "allauth.socialaccount.providers.github"
    picture_hosts = (".githubusercontent.com",)
    names_elsewhere: ClassVar[Mapping[str, str]] = {
        "serverpod": "github",
        "firebase": "github.com",
        "supabase": "github",
    }

    client_id: str
    client_secret: str
    redirect_uris: Sequence[str] = ()

    def for_allauth(self) -> dict[str, Any]:
        return allauth_config(self.client_id, self.client_secret)
