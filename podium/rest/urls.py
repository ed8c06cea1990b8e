"""/api/: the resources of all apps, and their description with its pages."""

from __future__ import annotations

from django.urls import include, path
from django.utils.module_loading import autodiscover_modules
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from podium.rest import description  # noqa: F401  registers itself
from podium.rest.api_docs import SeesDescription
from podium.rest.routers import router

autodiscover_modules("rest")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(permission_classes=[SeesDescription]), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerView.as_view(url_name="schema", permission_classes=[SeesDescription]),
        name="docs",
    ),
    path("", include(router.urls)),
]
