"""The base of all sign-in methods."""

from __future__ import annotations

import abc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from accounts.audit import audit
from accounts.providers.refusal import Refused
from accounts.sign_in import identities, methods
from accounts.throttling import throttling
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, allow_impersonation, hidden

logger = logging.getLogger("podium.accounts")

MODULE = "serverpod_auth_idp"


@hidden
class SignInEndpoint(Endpoint, abc.ABC):
    """A sign-in method. Clients can call it if ACCOUNTS_SIGN_IN lists it.

    method  its name in ACCOUNTS_SIGN_IN, and of a provider in identities: "google"
    """

    method: ClassVar[str] = ""

    @classmethod
    def is_served(cls) -> bool:
        return methods.is_on(cls.method)


class IdpBaseEndpoint(SignInEndpoint, abc.ABC):
    """A sign-in method of the module serverpod_auth_idp."""

    module: ClassVar[str] = MODULE

    @allow_impersonation
    def has_account(self, call: Call) -> bool:
        """Test whether the caller can sign in with this method. False if nobody is signed in."""
        return call.identity is not None and identities.has(call.identity.user_id, self.method)


@contextmanager
def refusing(call: Call, provider: str, instead: Exception) -> Iterator[None]:
    """Log the reason for which a provider's token is refused, and raise `instead`, which the client receives.

    Tries are counted, because each may send a request to the provider. Raises throttling.TooMany (429).
    """
    throttling.count(call, "provider")
    try:
        yield
    except Refused as refused:
        logger.warning("%s: a sign-in was refused: %s", provider, refused)
        audit.record("sign_in_refused", call=call, method=provider, reason=str(refused)[:300])
        raise instead from None
