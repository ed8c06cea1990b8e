"""A Python signature as a MethodDefinition. A fault is reported with the correct code."""

from __future__ import annotations

import collections.abc
import difflib
import inspect
import typing
from collections.abc import Callable
from types import SimpleNamespace
from typing import Annotated, Any, Literal

from podium.endpoints.calls import Call
from podium.endpoints.definitions import MethodDefinition, ParameterDefinition
from podium.endpoints.endpoint import deprecated, is_unauthenticated
from podium.wire import classes as wire
from podium.wire.annotations import ITERATORS, NotOnTheWire, known_names, type_ref
from podium.wire.codecs import codec
from podium.wire.errors import WireError
from podium.wire.names import lower_camel_case
from podium.wire.types import TypeRef

ASYNC_ITERATORS: tuple[Any, ...] = (
    collections.abc.AsyncIterator,
    collections.abc.AsyncGenerator,
    collections.abc.AsyncIterable,
)
CALL_NAMES = ("Call", "calls.Call")  # also if it is imported only for the type checker


def takes_call(function: Callable[..., Any]) -> bool:
    """Return whether a method is public: its first parameter after self is of type `Call` or named `call`."""
    first = _first(function)
    return first is not None and (first.name == "call" or _is_call(first.annotation))


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function below `@deprecated`, whose wrapper would warn at each call of a client."""
    while "__deprecated__" in vars(function) and hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def method_definition(
    function: Callable[..., Any], *, unauthenticated: bool = False
) -> tuple[MethodDefinition, list[str]]:
    """The definition of a public method, and its faults: one text for each, without the place."""
    below = plain(function)
    faults: list[str] = []
    first = _first(below)
    if first is None or not _is_call(first.annotation):
        faults.append("(call): the first parameter is the call; write `call: Call`")
    parameters = []
    for parameter in list(inspect.signature(below).parameters.values())[2:]:
        try:
            parameters.append(_parameter(below, parameter))
        except NotOnTheWire as fault:
            faults.append(f"({parameter.name}): {fault}")
    returns = TypeRef("void")
    try:
        returns = _returns(below)
    except NotOnTheWire as fault:
        faults.append(f" -> {fault}")
    if not inspect.iscoroutinefunction(below) and not inspect.isasyncgenfunction(below):
        faults += [
            f"({each.name}): a stream is read on the event loop; write `async def {function.__name__}`"
            for each in parameters
            if each.type.name == "Stream"
        ]
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


def _first(function: Callable[..., Any]) -> inspect.Parameter | None:
    """The parameter after self."""
    return next(iter(list(inspect.signature(function).parameters.values())[1:2]), None)


def _is_call(annotation: Any) -> bool:
    return annotation is Call or annotation in CALL_NAMES


def _parameter(function: Callable[..., Any], parameter: inspect.Parameter) -> ParameterDefinition:
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise NotOnTheWire("*args and **kwargs have no names on the wire; write one parameter for each value")
    if parameter.kind is parameter.POSITIONAL_ONLY:
        raise NotOnTheWire("clients send arguments by name; write it without the `/`")
    if parameter.annotation is parameter.empty:
        raise NotOnTheWire("the type is missing; write for example `title: str`")
    annotation, message = _deprecation(_evaluated(function, parameter.annotation))
    found = _type_ref(annotation)
    required = parameter.default is parameter.empty
    if found.name == "Stream" and typing.get_origin(annotation) not in ASYNC_ITERATORS:
        raise NotOnTheWire("a client's stream arrives value by value; write AsyncIterator[...]")
    if found.name == "Stream" and not required:
        raise NotOnTheWire("a stream has no default; write the parameter without one")
    if not required:
        _check_default(found, parameter.default)
    kind: Literal["positional", "optional", "named"] = "positional" if required else "optional"
    if parameter.kind is parameter.KEYWORD_ONLY:
        kind = "named"
    return ParameterDefinition(
        name=parameter.name,
        wire_name=lower_camel_case(parameter.name),
        type=found,
        kind=kind,
        required=required,
        default=None if required else parameter.default,
        deprecated=message,
    )


def _deprecation(annotation: Any) -> tuple[Any, str]:
    """The type in `Annotated[int, deprecated("...")]`, and the message; other notes stay with the type."""
    if typing.get_origin(annotation) is not Annotated:
        return annotation, ""
    kind, *notes = typing.get_args(annotation)
    message = next((note.message for note in notes if isinstance(note, deprecated)), "")
    others = [note for note in notes if not isinstance(note, deprecated)]
    return (Annotated[(kind, *others)] if others else kind), message


def _check_default(kind: TypeRef, default: Any) -> None:
    if default is None and not kind.nullable and not kind.is_dynamic:
        raise NotOnTheWire(f"the default is None, which {kind} can't be; write `... | None = None`")
    try:
        codec(kind).encode(default)
    except WireError as error:
        raise NotOnTheWire(f"the default does not fit the type: {error}") from None


def _returns(function: Callable[..., Any]) -> TypeRef:
    annotation = function.__annotations__.get("return", inspect.Parameter.empty)
    if annotation is inspect.Parameter.empty:
        raise NotOnTheWire(
            "the type of the result is missing; write for example `-> list[Note]`, or `-> None`"
        )
    annotation = _evaluated(function, annotation)
    if annotation in (None, type(None)):
        return TypeRef("void")
    found = _type_ref(annotation)
    if found.name != "Stream":
        if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
            raise NotOnTheWire(f"a method with `yield` returns a stream; write AsyncIterator[{found}]")
        return found
    if typing.get_origin(annotation) in ASYNC_ITERATORS:
        if inspect.isgeneratorfunction(function):
            raise NotOnTheWire(
                "a `def` with `yield` returns an Iterator; write `async def`, or Iterator[...]"
            )
    elif inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise NotOnTheWire("a stream of an `async def` is an AsyncIterator; write AsyncIterator[...]")
    return found


# Types --------------------------------------------------------------------------------------------------------------


def _evaluated(function: Any, annotation: Any) -> Any:
    """The type that an annotation names, also if it is a string. Raises NotOnTheWire."""
    space = inspect.unwrap(function).__globals__
    holder = SimpleNamespace(__annotations__={"it": annotation})
    try:
        return typing.get_type_hints(holder, globalns=space, include_extras=True)["it"]
    except NameError as error:
        missing = error.name or str(annotation)
        known = [*known_names(), *space]
        near = difflib.get_close_matches(missing, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "import it"
        raise NotOnTheWire(f"{missing} is not known here; {hint} (outside of `if TYPE_CHECKING`)") from None
    except (TypeError, SyntaxError, AttributeError) as error:
        raise NotOnTheWire(f"{annotation} is not a type: {error}") from None


def _type_ref(annotation: Any) -> TypeRef:
    """The type as in podium.wire.annotations, also refusing types that only clients can't use. Raises NotOnTheWire."""
    bare: Any = typing.get_origin(annotation) or annotation
    if bare in ITERATORS and not typing.get_args(annotation):
        raise NotOnTheWire(f"the type of the values is missing; write for example {bare.__name__}[str]")
    try:
        found = type_ref(annotation)
    except TypeError:
        raise NotOnTheWire(f"{annotation!r} is not a wire type; write for example list[str]") from None
    for each in _all_within(found):
        entry = wire.registered.get(f"{each.module}.{each.name}" if each.module else each.name)
        if entry is not None and entry.server_only:
            raise NotOnTheWire(
                f"{each.name} is serverOnly: clients may not see it; use a class that they may"
            )
    return found


def _all_within(ref: TypeRef) -> list[TypeRef]:
    return [ref, *(below for each in ref.arguments for below in _all_within(each))]
