"""Call endpoints in tests: no server, but the real way of a call. Arguments and result go over the wire and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

from asgiref.sync import async_to_sync

from core import observe
from endpoints import dispatch
from endpoints.calls import Call, Identity
from schema.codecs import codec, dumps, loads
from schema.names import lower_camel_case


def call(name: str, /, *, user: Any = None, scopes: Iterable[str] = (), **arguments: Any) -> Any:
    """What the method gives, as a client would see it: `call("notes.create_note", user=anna, note=Note(title="x"))`.

    user    a user, or a user's key; None: nobody is signed in
    scopes  what the user may do
    Raises what a client would be told: declared exceptions, NotSignedIn, ScopeMissing, InvalidArguments.
    """
    return async_to_sync(acall)(name, user=user, scopes=scopes, **arguments)


async def acall(name: str, /, *, user: Any = None, scopes: Iterable[str] = (), **arguments: Any) -> Any:
    """The same in async tests."""
    target, context, decoded = _prepare(name, user, scopes, arguments)
    with observe.span("call", target.name):
        result = await dispatch.invoke(target, context, decoded)
        return target.result.decode(loads(dumps(target.result.encode(result))))


async def stream(
    name: str, /, *, user: Any = None, scopes: Iterable[str] = (), **arguments: Any
) -> AsyncIterator[Any]:
    """The values of a stream; input streams are given as async iterators. Close it with `aclosing`."""
    target, context, decoded = _prepare(name, user, scopes, arguments)
    with observe.span("stream", target.name):
        values = dispatch.invoke(target, context, decoded)
        try:
            async for value in values:
                yield target.result.decode(loads(dumps(target.result.encode(value))))
        finally:
            await values.aclose()


def _prepare(
    name: str, user: Any, scopes: Iterable[str], arguments: dict[str, Any]
) -> tuple[dispatch.Target, Call, dict[str, Any]]:
    endpoint, _, method = name.rpartition(".")
    target = dispatch.find(endpoint, lower_camel_case(method))
    identity = None if user is None else Identity(str(getattr(user, "pk", user)), frozenset(scopes))
    dispatch.authorize(target, identity)
    types = {each.name: each.type for each in target.method.parameters}
    if unknown := arguments.keys() - types.keys():
        raise TypeError(f"{name} has no parameter {', '.join(sorted(unknown))}")
    inputs = {lower_camel_case(key): value for key, value in arguments.items() if types[key].name == "Stream"}
    raw = {
        lower_camel_case(key): loads(dumps(codec(types[key]).encode(value)))
        for key, value in arguments.items()
        if types[key].name != "Stream"
    }
    decoded = dispatch.decode_arguments(target, raw, inputs)
    return target, Call(endpoint, target.method.wire_name, identity), decoded
