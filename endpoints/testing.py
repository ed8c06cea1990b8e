"""Call endpoints in tests: no server, but the real way of a call. Arguments and result go over the wire and back.

In sync tests, and in async ones with `@rolled_back`, all of it runs in the test's own thread and transaction, so
pytest-django's `db` is enough. In other async ones the ORM works on other threads, as in the server: they need
`transactional_db`.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec

from asgiref.sync import async_to_sync

from core import observe
from endpoints import dispatch
from endpoints.calls import Call, Identity
from endpoints.endpoint import Endpoint
from endpoints.errors import InvalidArguments
from endpoints.registry import Registry, instead, registry
from endpoints.threads import in_callers_thread
from schema.codecs import codec, dumps, encode_as, loads
from schema.errors import WireError
from schema.names import lower_camel_case
from schema.types import TypeRef

P = ParamSpec("P")


@dataclass(frozen=True)
class Caller:
    """Who calls, and from where. `replace` of dataclasses makes another of it.

    user      a user, a user's key, or an Identity; None: nobody is signed in
    scopes    the user's scopes
    headers   of the request, available in `call.headers`
    address   the client's address
    operator  a user or a user's key acting as `user`; None: no impersonation
    """

    user: Any = None
    scopes: Iterable[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"
    operator: Any = None

    def call(self, name: str, /, **arguments: Any) -> Any:
        """What the method gives, as a client would see it: `Caller(anna).call("notes.list_notes", limit=5)`.

        name    as in Python or on the wire: "notes.create_note", "notes.createNote", "module.notes.create_note"
        Raises what the server would: declared exceptions, NotSignedIn, ScopeMissing, InvalidArguments, ...
        """
        token = in_callers_thread.set(True)
        try:
            return async_to_sync(self.acall)(name, **arguments)
        finally:
            in_callers_thread.reset(token)

    async def acall(self, name: str, /, **arguments: Any) -> Any:
        """The same in async tests."""
        target = _find(name)
        with observe.span("call", target.name) as span:
            context, decoded = await self._prepare(target, arguments, span)
            result = dispatch.encode_result(target, await dispatch.invoke(target, context, decoded))
            span.status = 200
            return target.result.decode(loads(dumps(result)))

    async def stream(self, name: str, /, **arguments: Any) -> AsyncGenerator[Any, None]:
        """The values of a stream; input streams are given as async iterators. Close it with `aclosing`."""
        target = _find(name)
        with observe.span("stream", target.name) as span:
            context, decoded = await self._prepare(target, arguments, span)
            async with dispatch.values(target, context, decoded) as values:
                async for value in values:
                    sent = loads(dumps(encode_as(target.result.type, value)))
                    yield sent if target.result.type.name == "dynamic" else target.result.decode(sent["data"])

    def _identity(self) -> Identity | None:
        if self.user is None or isinstance(self.user, Identity):
            return self.user
        operator = "" if self.operator is None else _key(self.operator)
        return Identity(_key(self.user), frozenset(self.scopes), operator=operator)

    async def _prepare(
        self, target: dispatch.Target, arguments: dict[str, Any], span: observe.Span
    ) -> tuple[Call, dict[str, Any]]:
        """The call's context and its arguments, sent as a client would and read as the server does."""
        identity = None if target.method.unauthenticated else self._identity()
        span.user_id = identity.user_id if identity else ""
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(target.endpoint.name, target.method.wire_name, identity, headers, self.address)
        await dispatch.authorize(target, call)
        return call, _decoded(target, arguments)


def call(name: str, /, *, user: Any = None, scopes: Iterable[str] = (), **arguments: Any) -> Any:
    """`Caller(user, scopes).call(...)` in short: `call("notes.create_note", user=anna, note=Note(title="x"))`."""
    return Caller(user, scopes).call(name, **arguments)


async def acall(name: str, /, *, user: Any = None, scopes: Iterable[str] = (), **arguments: Any) -> Any:
    """The same in async tests."""
    return await Caller(user, scopes).acall(name, **arguments)


def stream(
    name: str, /, *, user: Any = None, scopes: Iterable[str] = (), **arguments: Any
) -> AsyncGenerator[Any, None]:
    """The values of a stream; input streams are given as async iterators. Close it with `aclosing`."""
    return Caller(user, scopes).stream(name, **arguments)


def rolled_back(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Make of an async test one whose ORM calls, and those of what it calls, work in the test's own transaction.

    @pytest.mark.django_db
    @rolled_back
    async def test_...
    """

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        token = in_callers_thread.set(True)
        try:
            async_to_sync(test)(*args, **kwargs)
        finally:
            in_callers_thread.reset(token)

    return run


@contextmanager
def serving(*classes: type[Endpoint]) -> Iterator[Registry]:
    """Serve these endpoints beside those of the installed apps, for a test of a base or a decorator."""
    with instead(Registry([*registry().classes, *classes])) as both:
        both.definitions()
        yield both


def _key(user: Any) -> str:
    return str(getattr(user, "pk", user))


def _find(name: str) -> dispatch.Target:
    endpoint, _, method = name.rpartition(".")
    return dispatch.find(endpoint, lower_camel_case(method))


def _decoded(target: dispatch.Target, arguments: dict[str, Any]) -> dict[str, Any]:
    types = {each.name: each.type for each in target.method.parameters}
    if unknown := arguments.keys() - types.keys():
        raise TypeError(
            f"{target.name} has no parameter {', '.join(sorted(unknown))}; it has {', '.join(types)}"
        )
    streams = {name for name in arguments if types[name].name == "Stream"}
    inputs = {lower_camel_case(name): arguments[name] for name in streams}
    raw = {
        lower_camel_case(name): _sent(target, name, types[name], value)
        for name, value in arguments.items()
        if name not in streams
    }
    return dispatch.decode_arguments(target, raw, inputs)


def _sent(target: dispatch.Target, name: str, kind: TypeRef, value: Any) -> Any:
    """What a client would send. A value that no client could send is refused as the server would refuse it."""
    try:
        return loads(dumps(codec(kind).encode(value)))
    except WireError as error:
        raise InvalidArguments(text=f"{target.name}: {lower_camel_case(name)}: {error}") from None
