"""Modules that are imported on first use, because they are large and most commands do not need them.

redis = lazy.Module("redis")

try: ...
except redis.RedisError: ...  # imports it only if something was raised
"""

from __future__ import annotations

import importlib
from typing import Any


class Module:
    """A module by its name. Its attributes are those of the module."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value


redis = Module("redis")
"""Takes 0.1 s of a processor and 10 MB."""
