"""Text messages to phones, sent by ACCOUNTS_SMS_BACKEND: any `(phone, text) -> None` that raises NotSent."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from accounts.conf import conf
from accounts.providers import web
from accounts.providers.refusal import Refused
from podium.core.errors import PodiumError

Backend = Callable[[str, str], None]


class NotSent(PodiumError):
    """The text message could not be sent. Try again later."""

    status = 503
    code = "accounts.text_message_not_sent"


def send(phone: str, text: str) -> None:
    """Send a text to a number as "+4915112345678". Raises NotSent (503)."""
    if not conf.SMS_BACKEND:
        raise ImproperlyConfigured(
            "ACCOUNTS_SMS_BACKEND is not set: see docs/how-to/abuse.md, text messages."
        )
    backend: Backend = import_string(conf.SMS_BACKEND)
    backend(phone, text)


def twilio(phone: str, text: str) -> None:
    """Send by Twilio, or a service with the same API. ACCOUNTS_SMS has url, account, token and from."""
    given = conf.SMS
    url = f"{given['url'].rstrip('/')}/2010-04-01/Accounts/{quote(given['account'], safe='')}/Messages.json"
    form = {"From": given["from"], "To": phone, "Body": text}
    try:
        web.post(url, form, basic=(given["account"], given["token"]))
    except Refused as refused:
        raise NotSent from refused
