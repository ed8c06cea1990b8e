"""A Python signature as a MethodDefinition. What can't cross the wire is told with what to write instead."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any

from endpoints.calls import Call
from endpoints.definitions import MethodDefinition, ParameterDefinition
from endpoints.endpoint import is_unauthenticated
from schema.annotations import NotOnTheWire, type_ref
from schema.names import lower_camel_case
from schema.types import TypeRef


def takes_call(function: Callable[..., Any]) -> bool:
    """Whether the first parameter after self is annotated `Call`: that makes a method public."""
    parameters = list(inspect.signature(function).parameters.values())[1:2]
    return bool(parameters) and parameters[0].annotation in (Call, "Call", "calls.Call")


def method_definition(
    function: Callable[..., Any], *, unauthenticated: bool = False
) -> tuple[MethodDefinition, list[str]]:
    """What a public method looks like to clients, and what is wrong with it: one text a fault, without the place."""
    faults: list[str] = []
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        return MethodDefinition(function.__name__, lower_camel_case(function.__name__), TypeRef("void")), [
            f"{error}; import it outside of `if TYPE_CHECKING`"
        ]
    parameters = []
    for parameter in list(inspect.signature(function).parameters.values())[2:]:
        try:
            parameters.append(_parameter(parameter, hints))
        except NotOnTheWire as fault:
            faults.append(f"({parameter.name}): {fault}")
    returns = TypeRef("void")
    try:
        returns = _returns(function, hints)
    except NotOnTheWire as fault:
        faults.append(f" -> {fault}")
    definition = MethodDefinition(
        name=function.__name__,
        wire_name=lower_camel_case(function.__name__),
        returns=returns,
        parameters=tuple(parameters),
        doc=inspect.getdoc(function) or "",
        streams=returns.name == "Stream" or any(each.type.name == "Stream" for each in parameters),
        deprecated=getattr(function, "__deprecated__", "") or "",
        unauthenticated=unauthenticated or is_unauthenticated(function),
    )
    return definition, faults


def _parameter(parameter: inspect.Parameter, hints: Mapping[str, Any]) -> ParameterDefinition:
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise NotOnTheWire("*args and **kwargs have no names on the wire; write one parameter for each value")
    if parameter.name not in hints:
        raise NotOnTheWire("the type is missing; write for example `title: str`")
    required = parameter.default is parameter.empty
    kind: typing.Literal["positional", "optional", "named"] = "positional" if required else "optional"
    if parameter.kind is parameter.KEYWORD_ONLY:
        kind = "named"
    return ParameterDefinition(
        name=parameter.name,
        wire_name=lower_camel_case(parameter.name),
        type=type_ref(hints[parameter.name]),
        kind=kind,
        required=required,
        default=None if required else parameter.default,
    )


def _returns(function: Callable[..., Any], hints: Mapping[str, Any]) -> TypeRef:
    if "return" not in hints:
        raise NotOnTheWire(
            "the type of the result is missing; write for example `-> list[Note]`, or `-> None`"
        )
    if hints["return"] in (None, type(None)):
        return TypeRef("void")
    found = type_ref(hints["return"])
    if found.name == "Stream" and inspect.iscoroutinefunction(function):
        raise NotOnTheWire("a stream is an async generator: use `yield` in the method")
    return found
