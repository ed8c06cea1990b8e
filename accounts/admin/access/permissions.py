"""Permissions on the pages about access rules: staff see the models whose rows they may view in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.staff.lookup import Unknown

VIEW = "accounts.view_access"
VIEW_AS_USER = "accounts.view_as_user"


def view_permission(model: type[Model]) -> str:
    """Return the name of Django's permission to view a model's rows: "notes.view_note"."""
    return f"{model._meta.app_label}.{get_permission_codename('view', model._meta)}"


def may_view(request: HttpRequest, model: type[Model]) -> bool:
    """Test whether the operator may view the rows of a model, as its page in the admin decides."""
    page = _page(model)
    if page is None:
        return bool(request.user.has_perm(view_permission(model)))
    return bool(page.has_view_permission(request))


def rows(request: HttpRequest, model: type[Model]) -> QuerySet[Any]:
    """Return the rows of a model that the operator may view: those of its list in the admin. Raises Unknown."""
    if not may_view(request, model):
        raise Unknown(
            f"You may not view {model._meta.label}: it needs the permission {view_permission(model)}."
        )
    page = _page(model)
    found: QuerySet[Any] = model._default_manager.all() if page is None else page.get_queryset(request)
    return found.select_related(None)


def check(request: HttpRequest, row: Model) -> None:
    """Check that the operator may view this single row. Raises Unknown."""
    page = _page(type(row))
    if page is not None and not page.has_view_permission(request, row):
        raise Unknown(f"You may not view this {row._meta.verbose_name}.")


def address(model: type[Model], key: object) -> str:
    """Return the address of a row's page in the admin; "" if its model has none."""
    if _page(model) is None:
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[key])


def _page(model: type[Model]) -> admin.ModelAdmin[Any] | None:
    return admin.site._registry.get(model)
