"""Call endpoints in tests: without a server, but like a real call. Arguments and result are encoded and decoded.

In sync tests, and in async ones with `@rolled_back`, everything runs in the test's own thread and transaction, so
pytest-django's `db` is enough. In other async tests the ORM uses other threads, as in the server: they need
`transactional_db`.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, ParamSpec

from asgiref.sync import async_to_sync

from podium.core import observe
from podium.endpoints import dispatch, targets
from podium.endpoints.arguments import encode_result
from podium.endpoints.calls import Identity
from podium.endpoints.credentials import Credential
from podium.endpoints.dispatch import Invocation
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.errors import InvalidArguments
from podium.endpoints.registry import Registry, instead, not_replaced, registry
from podium.endpoints.targets import Target
from podium.endpoints.threads import in_callers_thread
from podium.wire.codecs import dumps, encode_as, loads
from podium.wire.errors import WireError
from podium.wire.names import lower_camel_case

P = ParamSpec("P")


@dataclass(frozen=True)
class Caller:
    """The caller, with headers and address. `dataclasses.replace` makes a changed copy.

    user      a user, a user's key, or an Identity; None: nobody, or the user of the header "Authorization"
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
        """Return the method's result as a client would see it: `Caller(anna).call("notes.list_notes", limit=5)`.

        name    as in Python or on the wire: "notes.create_note", "notes.createNote", "module.notes.create_note"
        Raises the same as the server: declared exceptions, NotSignedIn, ScopeMissing, InvalidArguments, ...
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
            takes_streams = target.method.streams and target.method.returns.name != "Stream"
            invocation = await self._enter(target, "stream" if takes_streams else "call", arguments)
            result = encode_result(target, await invocation.result())
            span.status = 200
            return target.result.decode(loads(dumps(result)), trusted=True)

    async def stream(self, name: str, /, **arguments: Any) -> AsyncGenerator[Any, None]:
        """The values of a stream; input streams are given as async iterators. Close it with `aclosing`."""
        target = _find(name)
        with observe.span("stream", target.name):
            invocation = await self._enter(target, "stream", arguments)
            async with invocation.values() as values:
                async for value in values:
                    sent = loads(dumps(encode_as(target.result.type, value, target.endpoint.module)))
                    decode = target.result.decode
                    yield sent if target.result.type.is_dynamic else decode(sent["data"], trusted=True)

    async def _enter(
        self, target: Target, kind: Literal["call", "stream"], arguments: dict[str, Any]
    ) -> Invocation:
        """Enter as the server does, with arguments encoded as a client would send them."""
        _check_names(target, arguments)
        inputs = {
            each.wire_name: arguments[each.name]
            for each in target.arguments
            if each.codec is None and each.name in arguments
        }
        headers = {name.lower(): value for name, value in self.headers.items()}
        return await dispatch.enter(
            target,
            kind,
            self._credential(headers),
            lambda: _sent(target, arguments),
            inputs=inputs,
            headers=headers,
            address=self.address,
        )

    def _credential(self, headers: Mapping[str, str]) -> Credential:
        if self.user is None:
            return headers.get("authorization")
        if isinstance(self.user, Identity):
            return self.user
        operator = "" if self.operator is None else _key(self.operator)
        return Identity(_key(self.user), frozenset(self.scopes), operator=operator)


def call(name: str, /, *, user: Any = None, scopes: Iterable[str] = (), **arguments: Any) -> Any:
    """Short for `Caller(user, scopes).call(...)`: `call("notes.create_note", user=anna, note=Note(title="x"))`."""
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
    """Run the ORM calls of an async test, and of the code it calls, in the test's own transaction.

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
    """Serve these endpoints in addition to those of the installed apps, to test a base or a decorator."""
    with instead(Registry(not_replaced([*registry().classes, *classes]))) as both:
        both.definitions()
        yield both


def _key(user: Any) -> str:
    return str(getattr(user, "pk", user))


def _find(name: str) -> Target:
    endpoint, _, method = name.rpartition(".")
    return targets.find(endpoint, lower_camel_case(method))


def _check_names(target: Target, arguments: dict[str, Any]) -> None:
    names = [each.name for each in target.arguments]
    if unknown := arguments.keys() - names:
        raise TypeError(
            f"{target.name} has no parameter {', '.join(sorted(unknown))}; it has {', '.join(names)}"
        )


def _sent(target: Target, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments as a client would send them. Refuses a value that no client could send."""
    raw: dict[str, Any] = {}
    for each in target.arguments:
        if each.codec is not None and each.name in arguments:
            try:
                raw[each.wire_name] = loads(dumps(each.codec.encode(arguments[each.name])))
            except WireError as error:
                raise InvalidArguments(text=f"{target.name}: {each.wire_name}: {error}") from None
    return raw
