"""The caller of a method: from an Authorization header to an identity. What the caller may do: authorization.py."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import import_string

from podium.endpoints.calls import CredentialExpired, Identity
from podium.endpoints.errors import BadAuthorizationHeader
from podium.endpoints.targets import Target

Authenticate = Callable[[str], Awaitable[Identity | None]]

Credential = str | Identity | None
"""An Authorization header, None without one; in tests an identity itself."""


async def identify(target: Target, credential: Credential) -> Identity | None:
    """Return the caller of a method. Raises BadAuthorizationHeader (400), CredentialExpired (401).

    With a dead credential there is no user, as in Serverpod; a method that needs one then refuses the call. An expired
    access token is refused instead while its sign-in goes on: clients renew it after a 401, and an open method must not
    treat the user as signed out in the meantime.
    """
    if credential is None or target.method.unauthenticated:
        return None
    if isinstance(credential, Identity):
        identity: Identity | None = credential
    else:
        try:
            identity = await _resolver()(token_of(credential))
        except CredentialExpired:
            if target.entry.credential_optional:  # an old token must not prevent a new sign-in
                return None
            raise
    if identity is not None and identity.unfinished and target.entry.credential_optional:
        return None  # an unfinished sign-in starts over and adds nothing to the account
    return identity


async def authenticate(header: str | None) -> Identity | None:
    """Return the identity behind an Authorization header; None without a header, and for a dead credential.

    Raises BadAuthorizationHeader (400), CredentialExpired (401).
    """
    return None if header is None else await _resolver()(token_of(header))


def token_of(header: str) -> str:
    """Return the credential in `Bearer <token>` or `Basic <base64 of the key>`. Raises BadAuthorizationHeader."""
    scheme, _, value = header.strip().partition(" ")
    value = value.strip()
    if not value or " " in value:
        raise BadAuthorizationHeader
    if scheme.lower() == "bearer":
        return value
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode()
        except ValueError:  # of base64, of UTF-8, or of a text that is not even ASCII
            raise BadAuthorizationHeader from None
    raise BadAuthorizationHeader


@cache
def _resolver() -> Authenticate:
    resolver: Authenticate = import_string(settings.PODIUM_AUTHENTICATE)
    return resolver


@receiver(setting_changed)
def _forget(*, setting: str, **_: Any) -> None:
    if setting == "PODIUM_AUTHENTICATE":
        _resolver.cache_clear()
