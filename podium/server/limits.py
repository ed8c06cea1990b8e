"""Size limits for request bodies sent to Django's pages, chosen before any of the body is read.

The limit is ENDPOINTS_MAX_BODY_BYTES. Exceptions: views marked `@max_body_bytes(...)`, admin forms of signed-in staff,
and uploads, whose signed address determines the expected size.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, parse_cookie
from django.urls import Resolver404, resolve

from podium.endpoints import page_limits, threads
from podium.endpoints.asgi import Scope
from podium.endpoints.bodies import LONGEST_LENGTH
from podium.endpoints.conf import conf
from podium.endpoints.endpoint import max_body_bytes_of
from podium.endpoints.page_limits import Limit


async def limit_of(scope: Scope, headers: dict[str, str]) -> Limit:
    """Return the limit of a request. Queries the database only for correctly signed uploads and for large forms."""
    path, announced = scope["path"], headers.get("content-length", "")
    if scope["method"] in ("PUT", "POST"):
        for start, of_upload in page_limits.UPLOADS.items():
            if path.startswith(start):
                return await of_upload(path.removeprefix(start), announced)
    if "transfer-encoding" not in headers and _at_most(announced, conf.MAX_BODY_BYTES):
        return Limit(conf.MAX_BODY_BYTES)
    return Limit(await _page(path, headers.get("cookie", "")))


def _at_most(announced: str, size: int) -> bool:
    return not announced or (len(announced) <= LONGEST_LENGTH and int(announced) <= size)


async def _page(path: str, cookie: str) -> int:
    try:
        view: Any = resolve(path).func
    except Resolver404:
        return conf.MAX_BODY_BYTES
    own = max_body_bytes_of(view)
    if own is None:
        own = max_body_bytes_of(getattr(view, "view_class", None) or getattr(view, "cls", None))
    if own is not None:
        return own
    is_admin = hasattr(view, "admin_site") or hasattr(view, "model_admin")
    if is_admin and await threads.run(partial(_is_staff, cookie)):
        return page_limits.forms(conf.MAX_BODY_BYTES)
    return conf.MAX_BODY_BYTES


def _is_staff(cookie: str) -> bool:
    request = HttpRequest()
    request.COOKIES = parse_cookie(cookie)
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    user = get_user(request)
    return user.is_active and bool(getattr(user, "is_staff", False))
