"""The project's pages, and some that are interesting for attackers."""

from __future__ import annotations

import os
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from podium.endpoints.endpoint import max_body_bytes

LARGE = Path(os.environ["LARGE_FILE"])


@csrf_exempt
@max_body_bytes(4 * 1024 * 1024)
def large(request: HttpRequest) -> HttpResponse:
    """Accepts larger bodies than other pages."""
    return JsonResponse({"size": len(request.body)})


@csrf_exempt
def headers(request: HttpRequest) -> HttpResponse:
    """Returns the headers as the server understood them."""
    return JsonResponse({**request.headers, "size": len(request.body)})


def file(request: HttpRequest) -> FileResponse:
    return FileResponse(LARGE.open("rb"))


urlpatterns = [
    path("strangers/large", large),
    path("strangers/headers", headers),
    path("uploads/strangers", file),
    path("", include("podium.server.urls")),
]
