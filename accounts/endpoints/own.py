"""What Serverpod's modules have not: the devices that a person is signed in on."""

from __future__ import annotations

import uuid
from typing import ClassVar

from accounts import devices
from accounts.protocol import Device
from endpoints.calls import Call
from endpoints.endpoint import Endpoint


class AccountsEndpoint(Endpoint):
    """One's own account."""

    require_login: ClassVar[bool] = True

    def list_devices(self, call: Call) -> list[Device]:
        """Where the person who calls is signed in, what was used last first."""
        return devices.of(call)

    def end_device(
        self,
        call: Call,
        device_id: uuid.UUID,
        *,
        password: str | None = None,
        second_factor_code: str | None = None,
    ) -> bool:
        """Sign one of one's own devices out, and end its streams; gives whether it was signed in.

        Another device than this one needs a sign-in of the last minutes, or the password (with a code where there is
        a second factor). Throws ReauthenticationException.
        """
        return devices.end(call, device_id, password=password, code=second_factor_code)
