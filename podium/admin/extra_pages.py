"""Pages of the admin that belong to no model. An app lists them in its admin.py:

    pages = [path("shop/sales/", views.sales, name="shop_sales")]

The address is below that of the admin; the URL is named "admin:shop_sales". Only staff can open the pages.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern


def install(site: admin.AdminSite) -> None:
    """Add the pages of all installed apps to a site, which has unfold's hook `extra_urls`."""
    others = getattr(site, "extra_urls", list)
    site.extra_urls = lambda: [*others(), *_patterns(site)]  # type: ignore[attr-defined]


def _patterns(site: admin.AdminSite) -> Iterator[URLPattern]:
    for app in apps.get_app_configs():
        pages = getattr(sys.modules.get(f"{app.name}.admin"), "pages", ())
        if isinstance(pages, ModuleType):  # of that name, imported there
            continue
        for page in pages:
            if not isinstance(page, URLPattern):
                raise ImproperlyConfigured(
                    f"{app.name}/admin.py: pages has {page!r}; write pages = [path(address, view, name=...)]"
                )
            yield URLPattern(page.pattern, site.admin_view(page.callback), page.default_args, page.name)
