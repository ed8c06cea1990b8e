"""The running project's folder, and the folder of the installed platform. Standard library only, and no Django."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path


def find() -> Path:
    """Return the project's folder, absolute.

    It is the folder with the settings' top package or module (`config`, unless DJANGO_SETTINGS_MODULE names another),
    because a web server or worker may be started in any folder. Without settings it is the nearest folder with a
    manage.py, from the current one upwards, else the current one.
    """
    package = os.environ.get("DJANGO_SETTINGS_MODULE", "config").split(".")[0]
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.origin is not None:
        origin = Path(spec.origin).resolve()
        return origin.parent.parent if spec.submodule_search_locations else origin.parent
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if (each / "manage.py").exists()), here)


ROOT = find()

PACKAGES = Path(__file__).resolve().parent.parent.parent
"""The folder that holds the package podium and the platform's apps: site-packages; in a checkout the same as ROOT."""
