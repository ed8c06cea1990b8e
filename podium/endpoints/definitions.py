"""Definitions of endpoints as plain data: the registry creates them, dispatch and client generation read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from podium.wire.types import TypeRef


@dataclass(frozen=True, slots=True)
class ParameterDefinition:
    """A parameter of a method.

    name        in Python, e.g. "note_id"; wire_name as sent, e.g. "noteId"
    type        "Stream<T>" for an input stream
    kind        "positional": a Python parameter without default that may be given by position;
                "optional": the same with a default; "named": keyword-only, required or not
    default     the Python default if not required; None otherwise
    deprecated  the message of `Annotated[..., deprecated("...")]`, "" without one
    """

    name: str
    wire_name: str
    type: TypeRef
    kind: Literal["positional", "optional", "named"]
    required: bool
    default: Any = None
    deprecated: str = ""


@dataclass(frozen=True, slots=True)
class MethodDefinition:
    """A public method. `streams`: it returns or takes a stream, so it runs over the WebSocket.

    returns          "void" if it returns None; "Stream<T>" if it yields
    deprecated       the message of @deprecated, "" without one
    unauthenticated  clients call it without a credential
    """

    name: str
    wire_name: str
    returns: TypeRef
    parameters: tuple[ParameterDefinition, ...] = ()
    doc: str = ""
    streams: bool = False
    deprecated: str = ""
    unauthenticated: bool = False


@dataclass(slots=True)
class EndpointDefinition:
    """An endpoint. name: on the wire ("notes"); class_name: in Python ("NotesEndpoint"); module: "" for none."""

    name: str
    class_name: str
    doc: str = ""
    module: str = ""
    methods: list[MethodDefinition] = field(default_factory=list)
    abstract: bool = False
    parent: str = ""  # class name of the endpoint it extends, "" for Endpoint itself
    parent_module: str = ""  # the module of that one
