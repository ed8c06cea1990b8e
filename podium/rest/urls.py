"""/api/: the resources of all apps, and their description with its pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from django.utils.module_loading import autodiscover_modules
from django.views.decorators.csrf import csrf_exempt

from podium.core import lazy
from podium.rest.resources import viewsets
from podium.rest.routers import router

api_docs = lazy.Module("podium.rest.api_docs")  # imports drf_spectacular: 0.12 s of a processor, 5 MB

autodiscover_modules("rest")


@csrf_exempt
def schema(request: HttpRequest) -> Any:
    return api_docs.schema(request)


@csrf_exempt
def docs(request: HttpRequest) -> Any:
    return api_docs.docs(request)


def patterns() -> list[Any]:
    """The pages below /api/. An app's own resources come first, so that one replaces the generated one of its name."""
    return [
        path("schema/", schema, name="schema"),
        path("docs/", docs, name="docs"),
        path("", include(router.urls)),
        path("", include(viewsets.router().urls)),
    ]


urlpatterns = patterns()
