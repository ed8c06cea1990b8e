"""From the annotations of a task's parameters to wire types."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Any

from podium.wire.annotations import NotOnTheWire, value_type
from podium.wire.types import TypeRef


def parameters(function: Callable[..., Any]) -> dict[str, TypeRef]:
    """The wire type of each parameter by name. Raises TypeError with every parameter that has none."""
    hints = typing.get_type_hints(function, include_extras=True)
    found: dict[str, TypeRef] = {}
    faults = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind not in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            faults.append(f"{parameter}: a task takes its arguments by name")
        elif parameter.name not in hints:
            faults.append(f"{parameter.name}: write its type")
        else:
            try:
                found[parameter.name] = value_type(hints[parameter.name])
            except NotOnTheWire as error:
                faults.append(f"{parameter.name}: {error}")
    if faults:
        raise TypeError("; ".join(faults))
    return found
