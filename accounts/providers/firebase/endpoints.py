"""Signing in with Firebase, as clients call it."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts.endpoints.idp_base import IdpBaseEndpoint, refusing
from accounts.protocol import (
    AuthSuccess,
    FirebaseEmailNotVerifiedException,
    FirebaseIdTokenVerificationException,
)
from accounts.providers.firebase import claims
from accounts.providers.firebase.setup import Firebase
from accounts.sign_in import identities
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import credential_optional, replaceable


class FirebaseIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with Firebase Authentication."""

    method: ClassVar[str] = Firebase.name

    @credential_optional
    def login(self, call: Call, *, id_token: str) -> AuthSuccess:
        """Sign in with a Firebase user's ID token.

        Throws FirebaseIdTokenVerificationException, and FirebaseEmailNotVerifiedException if this server requires a
        confirmed address.
        """
        with refusing(call, self.method, FirebaseIdTokenVerificationException()):
            try:
                verified = claims.verify(id_token)
            except claims.EmailNotVerified:
                raise FirebaseEmailNotVerifiedException() from None
        return identities.sign_in(call, verified)


@replaceable
class FirebaseIdpEndpoint(FirebaseIdpBaseEndpoint):
    """Signing in with Firebase Authentication."""

    module: ClassVar[str] = ""
