"""What all ways in have in common."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts import identities
from endpoints.calls import Call
from endpoints.endpoint import Endpoint, allow_impersonation

MODULE = "serverpod_auth_idp"


class IdpBaseEndpoint(Endpoint, abc.ABC):
    """A way in. Apps extend those below it, which makes their methods callable."""

    module: ClassVar[str] = MODULE
    method: ClassVar[str] = ""
    """The way in, as sign-ins and identities name it: "google"."""

    @allow_impersonation
    def has_account(self, call: Call) -> bool:
        """Whether who is signed in can sign in this way; false where nobody is."""
        return call.identity is not None and identities.has(call.identity.user_id, self.method)
