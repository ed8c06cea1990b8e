"""Methods ready to be called, by their names on the wire. Built at the first call, with codecs and arguments."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from podium.endpoints.definitions import EndpointDefinition, MethodDefinition
from podium.endpoints.registry import Entry, registry
from podium.wire.codecs import Codec, codec


@dataclass(frozen=True, slots=True)
class Argument:
    """The plan for reading one argument: its name on the wire and in Python, its codec (None: a stream)."""

    wire_name: str
    name: str
    codec: Codec | None
    required: bool
    nullable: bool


@dataclass(frozen=True, slots=True)
class Target:
    """A method, ready to be called. name: "notes.listNotes", as in logs and spans."""

    endpoint: EndpointDefinition
    method: MethodDefinition
    name: str
    entry: Entry
    arguments: tuple[Argument, ...]
    result: Codec
    is_async: bool


def find(endpoint: str, method: str) -> Target:
    """Return the method with these names on the wire. Raises EndpointNotFound (404), MethodNotFound (400)."""
    endpoints = registry()
    target: Target | None = endpoints.targets.get((endpoint, method))
    if target is None:  # only existing names are added, so it is bounded
        target = endpoints.targets[endpoint, method] = make_target(endpoints.find(endpoint, method))
    return target


def make_target(entry: Entry) -> Target:
    """Build what a call of this method needs each time: codecs and the plan of its arguments."""
    endpoint, method = entry.endpoint, entry.method
    returned = method.returns.arguments[0] if method.returns.name == "Stream" else method.returns
    return Target(
        endpoint,
        method,
        name=f"{endpoint.module + '.' if endpoint.module else ''}{endpoint.name}.{method.wire_name}",
        entry=entry,
        arguments=tuple(
            Argument(
                wire_name=each.wire_name,
                name=each.name,
                codec=None if each.type.name == "Stream" else codec(each.type),
                required=each.required,
                nullable=each.type.nullable or each.type.is_dynamic,
            )
            for each in method.parameters
        ),
        result=codec(returned),
        is_async=inspect.iscoroutinefunction(entry.function) or inspect.isasyncgenfunction(entry.function),
    )
