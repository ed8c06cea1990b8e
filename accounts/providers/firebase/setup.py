"""The setting ACCOUNTS_FIREBASE and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from accounts.providers.provider import Provider
from accounts.providers.registry import register
from podium.core.conf import AppSettings


class FirebaseSettings(AppSettings, prefix="ACCOUNTS_"):
    FIREBASE: dict[str, Any] = {}
    """Sign-in with Firebase Authentication."""


@register
@dataclass(frozen=True, kw_only=True)
class Firebase(Provider):
    name, label = "firebase", "Firebase"
    settings: ClassVar[AppSettings] = FirebaseSettings()
    intended_by = ("project_ids",)
    verifies_addresses = False
    names_elsewhere: ClassVar[Mapping[str, str]] = {"serverpod": "firebase"}

    project_ids: Sequence[str]
    require_verified_email: bool = False
