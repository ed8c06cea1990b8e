"""The devices on which a user is signed in, which Serverpod's modules do not list."""

from __future__ import annotations

import uuid
from typing import ClassVar

from accounts.protocol import Device
from accounts.sessions import devices
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint


class AccountsEndpoint(Endpoint):
    """The caller's account."""

    require_login: ClassVar[bool] = True

    def list_devices(self, call: Call) -> list[Device]:
        """Return the caller's signed-in devices, the last used first."""
        return devices.of(call)

    def end_device(
        self,
        call: Call,
        device_id: uuid.UUID,
        *,
        password: str | None = None,
        second_factor_code: str | None = None,
    ) -> bool:
        """Sign out one of the caller's devices and end its streams. Returns whether it was signed in.

        Any device but this one needs a recent sign-in, or the password (with a code if there is a second factor).
        Throws ReauthenticationException.
        """
        return devices.end(call, device_id, password=password, code=second_factor_code)
