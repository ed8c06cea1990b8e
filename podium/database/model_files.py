"""The model files behind installed Django apps. Reads them; their effect on the database is decided elsewhere."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.conf import settings

from podium.core.project import PACKAGES
from podium.schema import apps as schema_apps
from podium.schema import project
from podium.schema.definitions import Protocol


def root_of(label: str) -> Path:
    """The project folder that an app's model files are read with; for a platform app, the running project's."""
    folder = Path(apps.get_app_config(label).path).parent
    return Path(settings.BASE_DIR) if folder == PACKAGES else folder


def load(root: Path) -> Protocol:
    """The definitions of a project's folder, with the platform's apps if it is the running project."""
    platform = schema_apps.of_platform(root) if root == Path(settings.BASE_DIR) else []
    return project.load(root, apps=[*platform, *schema_apps.of_project(root)])[0]
