"""A Python signature as a MethodDefinition. What can't cross the wire is told with what to write instead."""

from __future__ import annotations

import collections.abc
import datetime
import difflib
import inspect
import types
import typing
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from endpoints.calls import Call
from endpoints.definitions import MethodDefinition, ParameterDefinition
from endpoints.endpoint import is_unauthenticated
from schema import wire
from schema.names import lower_camel_case
from schema.types import BigInt, TypeRef, Uri

SCALARS: dict[Any, str] = {
    int: "int",
    float: "double",
    bool: "bool",
    str: "String",
    bytes: "ByteData",
    datetime.datetime: "DateTime",
    datetime.timedelta: "Duration",
    uuid.UUID: "UuidValue",
    Uri: "Uri",
    BigInt: "BigInt",
    typing.Any: "dynamic",
}
CONTAINERS = {list: "List", set: "Set", dict: "Map"}
PARAMETERS_WANTED = {list: "list[str]", set: "set[str]", dict: "dict[str, int]"}
ITERATORS = (
    collections.abc.AsyncIterator,
    collections.abc.AsyncGenerator,
    collections.abc.AsyncIterable,
    collections.abc.Iterator,
    collections.abc.Generator,
)


class NotOnTheWire(Exception):
    """An annotation that can't cross the wire; the text says what to write instead."""


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
        type=type_ref(hints[parameter.name], stream=True),
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
    found = type_ref(hints["return"], stream=True)
    if found.name == "Stream" and inspect.iscoroutinefunction(function):
        raise NotOnTheWire("a stream is an async generator: use `yield` in the method")
    return found


def type_ref(annotation: Any, *, stream: bool = False) -> TypeRef:
    """The wire's type of a Python annotation. Raises NotOnTheWire."""
    if annotation in SCALARS:
        return TypeRef(SCALARS[annotation])
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return _optional(annotation, arguments)
    if origin in CONTAINERS:
        return TypeRef(CONTAINERS[origin], arguments=tuple(type_ref(each) for each in arguments))
    if origin in ITERATORS:
        if not stream:
            raise NotOnTheWire("a stream can only be a parameter or the result, not inside of another type")
        return TypeRef("Stream", arguments=(type_ref(arguments[0]),))
    if annotation in CONTAINERS:
        name = annotation.__name__
        raise NotOnTheWire(f"{name} is not a wire type; write {PARAMETERS_WANTED[annotation]}")
    if origin is tuple:
        return TypeRef("_Record", arguments=tuple(type_ref(each) for each in arguments))
    return _registered(annotation)


def _optional(annotation: Any, arguments: tuple[Any, ...]) -> TypeRef:
    others = [each for each in arguments if each is not type(None)]
    if len(others) != 1 or len(arguments) != 2:
        raise NotOnTheWire(
            f"{annotation} is not a wire type; one type, or one type and None, can be declared"
        )
    inner = type_ref(others[0])
    if inner.name == "dynamic":
        return inner  # may be null as it is
    return TypeRef(inner.name, True, inner.arguments, inner.named, inner.module, inner.dimension)


def _registered(annotation: Any) -> TypeRef:
    entry = wire.by_python.get(annotation) if isinstance(annotation, type) else None
    if entry is not None:
        module, _, name = entry.name.rpartition(".")
        return TypeRef(name, module=module)
    name = getattr(annotation, "__name__", str(annotation))
    known = [*wire.registered, *(each.__name__ for each in SCALARS if each is not Any)]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else "; declare the class in a model file"
    raise NotOnTheWire(f"{name} is not a wire type{hint}")
