"""The pages of config/urls.py with the admin at another path, as an app with an endpoint `admin` needs it."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from podium.server import urls

handler500 = urls.handler500
others = [
    each
    for each in cast(list[URLPattern | URLResolver], urls.urlpatterns)
    if not str(each.pattern).startswith("admin/")
]
urlpatterns = [path("staff/", admin.site.urls), *others]
