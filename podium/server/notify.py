"""Messages to systemd for units of Type=notify. Without systemd they are not sent.

Source: sd_notify(3), "Standalone Implementations".
"""

from __future__ import annotations

import os
import socket
import time


def send(message: str, *, monotonic: bool = False) -> None:
    """Send one state, such as "READY=1". monotonic: with the time, which RELOADING=1 needs."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if monotonic:
        message += f"\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}"
    if address.startswith("@"):  # Linux's abstract namespace
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as client:
        client.connect(address)
        client.sendall(message.encode())
