"""Public files that Serverpod keeps in its database, such as pictures of users, at their old addresses.

Serves existing files only. New files are in the app `files`, or are pictures (accounts/profile/pictures.py).
"""

from __future__ import annotations

import mimetypes

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.conf import conf
from accounts.serverpod import tables
from podium.core import clock

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""Types that a browser may show. Others are downloads, since anybody may have uploaded them."""


@require_safe
def public_file(request: HttpRequest) -> HttpResponse:
    """Serve the file at ?method=file&path=..., from the storage "public"."""
    path = request.GET.get("path", "")
    if not conf.SERVERPOD_TABLES or not tables.has(tables.FILES):
        return HttpResponse(status=404)
    if request.GET.get("method") != "file" or not path or "\0" in path:
        return HttpResponse(status=400)
    found = tables.rows(
        f'SELECT "byteData" FROM {tables.FILES} WHERE "storageId" = %s AND path = %s AND verified'
        " AND (expiration IS NULL OR expiration > %s)",
        ["public", path, tables.stored(clock.now())],
    )
    if not found:
        return HttpResponse(status=404)
    guessed = mimetypes.guess_type(path)[0]
    kind = guessed if guessed in SHOWN else None
    response = HttpResponse(bytes(found[0]["byteData"]), content_type=kind or "application/octet-stream")
    if kind is None:
        response["Content-Disposition"] = "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
