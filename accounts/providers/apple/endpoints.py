"""Signing in with Apple, as clients call it."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts.endpoints.idp_base import IdpBaseEndpoint, refusing
from accounts.protocol import AuthSuccess, IdentityVerificationException
from accounts.providers.apple import claims
from accounts.providers.apple.setup import Apple
from accounts.sign_in import identities
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import credential_optional, replaceable


class AppleIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Sign in with Apple."""

    method: ClassVar[str] = Apple.name

    @credential_optional
    def login(
        self,
        call: Call,
        *,
        identity_token: str,
        authorization_code: str,
        is_native_apple_platform_sign_in: bool,
        first_name: str | None = None,
        last_name: str | None = None,
    ) -> AuthSuccess:
        """Sign in with Apple's response. Throws IdentityVerificationException.

        Apple sends the name only the first time, and only to the app. It is stored if the account has no name.
        """
        name = f"{first_name or ''} {last_name or ''}".strip()
        native = is_native_apple_platform_sign_in
        with refusing(call, self.method, IdentityVerificationException(provider=self.method)):
            verified = claims.verify(identity_token, authorization_code, native=native, name=name)
        return identities.sign_in(call, verified)


@replaceable
class AppleIdpEndpoint(AppleIdpBaseEndpoint):
    """Sign in with Apple."""

    module: ClassVar[str] = ""
