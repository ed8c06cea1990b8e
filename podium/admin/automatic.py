"""Pages for the tables of model files that no admin.py has registered."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin

from podium.admin.pages import ModelAdmin
from podium.database import naming
from podium.wire.classes import by_python

OPTION = "automatic_admin"
"""An AppConfig with `automatic_admin = False` has only the pages that its admin.py registers."""


def register() -> None:
    """Register a page in the admin for each table of a model file that has none."""
    for model in apps.get_models():
        if model in by_python and "verbose_name_plural" not in model._meta.original_attrs:
            model._meta.verbose_name_plural = naming.plural(str(model._meta.verbose_name))
    for app in apps.get_app_configs():
        if not getattr(app, OPTION, True):
            continue
        for model in app.get_models():
            if model in by_python and not admin.site.is_registered(model):
                admin.site.register(model, ModelAdmin)
