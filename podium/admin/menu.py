"""The admin's menu: a section for each installed app, with the pages that the signed-in user may view.

An app sets the pages of its section in its admin.py. Otherwise the section has the app's registered models, by name:

    menu = Section("Shop", [Item("shop.Order", icon="receipt_long"), Item("shop.Product")])

Sections with the same title are one. The order is that of INSTALLED_APPS.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse

from podium.admin import icons


@dataclass(frozen=True)
class Item:
    """A link to a page in the menu.

    target      the model whose list it is, "shop.Order"; or the name of a URL, "admin:index"
    title       default: the model's plural name
    icon        a name of fonts.google.com/icons; default: one that suits the model's name
    permission  for a URL: only users with it see the link, "shop.view_order"; "": all staff

    A model that is not installed or has no page is left out.
    """

    target: str
    title: str = ""
    icon: str = ""
    permission: str = ""

    @property
    def is_model(self) -> bool:
        return ":" not in self.target


@dataclass(frozen=True)
class Section:
    """A part of the menu."""

    title: str
    items: Sequence[Item]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """unfold's SIDEBAR["navigation"]: the sections and pages that this user may view."""
    found: dict[str, list[dict[str, Any]]] = {}
    for section in sections():
        pages = found.setdefault(section.title, [])
        pages += [page for item in section.items if (page := _page(request, item)) is not None]
    return [{"title": title, "items": pages} for title, pages in found.items() if pages]


def sections() -> list[Section]:
    """The sections of all installed apps."""
    declared = {app.label: section for app in apps.get_app_configs() if (section := _declared(app))}
    named = {item.target.split(".")[0] for each in declared.values() for item in each.items if item.is_model}
    found = []
    for app in apps.get_app_configs():
        if app.label in declared:
            found.append(declared[app.label])
        elif app.label not in named:
            found.append(Section(str(app.verbose_name), list(_registered(app))))
    return found


def _declared(app: AppConfig) -> Section | None:
    """The `menu` of an app's admin.py, which the admin has imported by now."""
    section = getattr(sys.modules.get(f"{app.name}.admin"), "menu", None)
    if section is None or isinstance(section, Section):
        return section
    if isinstance(section, type(sys)):  # a module of that name in a package `admin`
        return None
    raise ImproperlyConfigured(
        f"{app.name}/admin.py: menu is {type(section).__name__}; write menu = Section(title, [Item(...)])"
    )


def _registered(app: AppConfig) -> Iterator[Item]:
    models = sorted(app.get_models(), key=lambda model: str(model._meta.verbose_name_plural))
    return (Item(model._meta.label) for model in models if admin.site.is_registered(model))


def _page(request: HttpRequest, item: Item) -> dict[str, Any] | None:
    """An item in unfold's form; None for one that this user may not view."""
    if not item.is_model:
        if item.permission and not request.user.has_perm(item.permission):
            return None
        return {"title": item.title, "icon": item.icon, "link": reverse(item.target)}
    model = _model(item.target)
    page = admin.site._registry.get(model) if model is not None else None
    if model is None or page is None or not page.has_view_or_change_permission(request):
        return None
    plural = str(model._meta.verbose_name_plural)
    return {
        "title": item.title or f"{plural[:1].upper()}{plural[1:]}",
        "icon": item.icon or getattr(page, "icon", "") or icons.of(_words(model)),
        "link": reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
    }


def _model(label: str) -> Any:
    try:
        return apps.get_model(label)
    except LookupError:  # of an app that is not installed
        return None


def _words(model: Any) -> Iterable[str]:
    return str(model._meta.verbose_name).lower().split()
