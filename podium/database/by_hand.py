"""Django models written by hand for a model file's table, registered with the wire once Django has loaded them.

A generated module can't import them, since the module that has them imports it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps

from podium.wire.classes import WireClass, register


def register_model(model: str, entry: Callable[[type[Any]], WireClass]) -> None:
    """Register a model, such as "accounts.User", with the codecs as soon as it is loaded."""
    app, _, name = model.rpartition(".")
    apps.lazy_model_operation(lambda found: register([entry(found)]), (app, name.lower()))
