"""The pages that Django serves; calls and streams never come here (podium/server/asgi.py)."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.views.generic import RedirectView, TemplateView

from podium.server import health

handler500 = "podium.server.outages.server_error"

INDEX = {"debug": settings.DEBUG, "development": settings.DEVELOPMENT}


def of_app(app: str, route: str, urls: str) -> list[URLResolver]:
    """The pages of an app that a project may leave out."""
    return [path(route, include(urls))] if apps.is_installed(app) else []


urlpatterns = [
    path(
        "admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")
    ),  # it limits guesses
    path("admin/", admin.site.urls),
    path("account/", include("accounts.web.urls")),
    path("account/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("_allauth/browser/v1/", include("accounts.web.headless_urls")),
    path("_allauth/", include("allauth.headless.urls")),
    *of_app("files", "uploads/", "files.urls"),
    path("api/", include("podium.rest.urls")),
    path("mail/", include("podium.dev.mailbox_pages")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", RedirectView.as_view(url=static("podium/icon.svg"))),
    path("", TemplateView.as_view(template_name="index.html", extra_context=INDEX)),
]
