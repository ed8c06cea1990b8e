"""/api/: the resources of all apps, their description and its pages."""

from __future__ import annotations

from django.urls import include, path
from django.utils.module_loading import autodiscover_modules
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from rest.access import SeesDescription
from rest.routers import router

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
