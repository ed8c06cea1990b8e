"""`manage.py cleanup`: delete expired data, on servers without the app tasks. Run it daily, for example with cron."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.utils.module_loading import module_has_submodule

NAME = "cleanup"


class Command(BaseCommand):
    help = (
        "Delete expired data: tokens, sessions, codes, unfinished uploads, old calls. Workers do this by "
        "themselves. On a server without the app tasks, run this command every day. Safe to run at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for config in apps.get_app_configs():
            if config.module is not None and module_has_submodule(config.module, NAME):
                import_module(f"{config.name}.{NAME}").run()
                self.stdout.write(f"{config.name}: cleaned up")
