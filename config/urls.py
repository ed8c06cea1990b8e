"""The pages that Django serves; calls and streams never come here (config/asgi.py)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView

handler500 = "config.outages.server_error"

INDEX = {"debug": settings.DEBUG, "development": settings.DEVELOPMENT}

urlpatterns = [
    path(
        "admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")
    ),  # it limits guesses
    path("admin/", admin.site.urls),
    path("account/", include("accounts.account_urls")),
    path("account/", include("allauth.urls")),
    path("sign-in/", include("accounts.urls")),
    path("_allauth/browser/v1/", include("accounts.headless_urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("uploads/", include("files.urls")),
    path("api/", include("rest.urls")),
    path("mail/", include("config.mailbox_pages")),
    path("", include("monitoring.urls")),
    path("favicon.ico", RedirectView.as_view(url=static("podium/icon.svg"))),
    path("", TemplateView.as_view(template_name="index.html", extra_context=INDEX)),
]
