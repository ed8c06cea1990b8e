"""A call as a Django request for allauth. Calls do not pass the middleware, but allauth expects requests that did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.core import context
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from podium.endpoints.calls import Call

NO_ADDRESS = "0.0.0.0"
"""Requests without an address share this one, and so one limit."""


class CallRequest(HttpRequest):
    """A request to PUBLIC_URL: links in mails lead there, regardless of the Host header of the call."""

    def __init__(self, call: Call) -> None:
        super().__init__()
        self.public = urlsplit(settings.PUBLIC_URL)
        self.method = "POST"
        self.META = {
            "REMOTE_ADDR": call.address or NO_ADDRESS,
            "HTTP_USER_AGENT": call.headers.get("user-agent", ""),
            "HTTP_X_DEVICE_ID": call.headers.get("x-device-id", ""),
        }
        self.user = AnonymousUser()
        self.session = {}  # type: ignore[assignment]  # nothing outlives the call; allauth needs a dict of it
        self.allauth = SimpleNamespace(
            headless=SimpleNamespace(client="app")
        )  # stores no messages for a next page

    def get_host(self) -> str:
        return str(self.public.netloc)

    def _get_scheme(self) -> str:
        return str(self.public.scheme)


@contextmanager
def request_of(call: Call) -> Iterator[HttpRequest]:
    """The request that represents a call, while the block runs also where allauth looks for the current one."""
    request = CallRequest(call)
    with context.request_context(request):
        yield request
