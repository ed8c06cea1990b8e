"""Claims: the verified statements of a provider about a user."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Claims:
    """The verified statements of a provider about a user.

    provider        as allauth calls it: "google"; for OpenID Connect the name in ACCOUNTS_OIDC
    subject         the user's id at the provider, which never changes
    email_verified  whether the provider made sure that the address is the user's
    picture         an address, to be fetched later, or ""
    refresh_token   to be kept, so that it can be revoked when the account is deleted (Apple)
    raw             the part that allauth keeps, without tokens
    """

    provider: str
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    picture: str = ""
    refresh_token: str = field(default="", repr=False)
    raw: dict[str, Any] = field(default_factory=dict, repr=False)
