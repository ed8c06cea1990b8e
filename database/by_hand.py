"""Django models written by hand for a table of a model file: known to the wire once Django has them.

A generated module can't import them, since the module that has them imports it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps

from schema.wire import WireClass, register


def register_model(model: str, entry: Callable[[type[Any]], WireClass]) -> None:
    """Make the model, "accounts.User", known to the codecs as soon as there is one."""
    app, _, name = model.rpartition(".")
    apps.lazy_model_operation(lambda found: register([entry(found)]), (app, name.lower()))
