"""Mail to a user about a sign-in from a new place (ACCOUNTS_NEW_DEVICE_MAIL)."""

from __future__ import annotations

from allauth.account.adapter import get_adapter

from accounts.conf import conf
from accounts.models import SecurityEvent, User
from accounts.notices import notices
from accounts.requests import request_of
from podium.core import clock
from podium.core.logs import one_line
from podium.endpoints.calls import Call


def tell(call: Call, user: User) -> None:
    """Mail all proved addresses if neither the network address nor the kind of device is known from an earlier sign-in.

    Called before this sign-in is recorded. The first sign-in of an account sends no mail. One or two SELECTs, one mail.
    """
    if not conf.NEW_DEVICE_MAIL or not (addresses := notices.addresses(user)):
        return
    earlier = SecurityEvent.objects.filter(user=user, event="signed_in")
    agent = one_line(call.headers.get("user-agent", ""))[:300]  # as audit.py stores it
    if (
        not earlier.exists()
        or (earlier.filter(user_agent=agent) | earlier.filter(address=call.address)).exists()
    ):
        return
    known = {"device": agent or "an unnamed device", "address": call.address, "at": clock.now()}
    with request_of(call) as request:
        for address in addresses:
            get_adapter(request).send_mail("accounts/email/new_device", address, dict(known))
