"""A call as allauth wants it: a Django request. Calls do not pass the middleware, allauth is made for what does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from allauth.core import context
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from endpoints.calls import Call


@contextmanager
def request_of(call: Call) -> Iterator[HttpRequest]:
    """The request that stands for a call, while the block runs also where allauth looks for the current one."""
    public = urlsplit(settings.PUBLIC_URL)
    request = HttpRequest()
    request.method = "POST"
    request.META = {
        "REMOTE_ADDR": call.address or "0.0.0.0",  # where there is no address, all share one limit
        "HTTP_USER_AGENT": call.headers.get("user-agent", ""),
        "HTTP_HOST": public.netloc,
        "SERVER_NAME": public.hostname or "localhost",
        "SERVER_PORT": str(public.port or (443 if public.scheme == "https" else 80)),
        "wsgi.url_scheme": public.scheme,
    }
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]  # nothing outlives the call; a dict is what allauth uses of it
    with context.request_context(request):
        yield request
