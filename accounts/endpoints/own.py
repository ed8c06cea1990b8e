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

    def end_device(self, call: Call, device_id: uuid.UUID) -> bool:
        """Sign one of one's own devices out, and end its streams; whether it was signed in."""
        return devices.end(call, device_id)
