"""The list "testserver" of behaviour.json for the Python client. The sync client runs the same list on threads."""

from __future__ import annotations

import asyncio
import datetime
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from tests.clients.behaviour import Connect, Lab, all_of, raises

Client = Any


async def run(lab: Lab, connect: Connect, names: list[str]) -> dict[str, str]:
    """Run all; return name -> "" for success, else the error."""
    found = {}
    for name in names:
        try:
            async with connect() as client:
                await asyncio.wait_for(SCENARIOS[name](client, lab, connect), 30)
            found[name] = ""
        except Exception:  # noqa: BLE001 - any error is a result
            found[name] = traceback.format_exc()
    return found


async def _declared(client: Client, lab: Lab, connect: Connect) -> None:
    raised = await raises(lab.ExceptionWithData, client.exception_test.throw_exception_with_data())
    assert (raised.message, raised.some_nullable_field) == ("Throwing an exception", 1)
    other = await raises(lab.ExceptionWithRequiredField, client.echo_required_field.throw_exception())
    assert (other.name, other.email) == ("John Doe", "john.doe@example.com")


async def _undeclared(client: Client, lab: Lab, connect: Connect) -> None:
    raised = await raises(lab.ServerError, client.exception_test.throw_normal_exception())
    assert (raised.status, raised.body) == (500, "")


async def _late(client: Client, lab: Lab, connect: Connect) -> None:
    streams = client.method_streaming
    await raises(lab.NoAnswerError, streams.delayed_response(60, timeout=0.2))
    async with connect(timeout=0.2) as hasty:
        await raises(lab.NoAnswerError, hasty.method_streaming.delayed_response(60))
    await streams.complete_all_delayed_responses()
    assert await streams.double_input_value(2) == 4


async def _password(client: Client, lab: Lab, connect: Connect) -> None:
    await client.authentication.remove_all_users()
    await raises(lab.UnauthorizedError, client.sign_in_required.test_method())
    refused = await raises(lab.StreamRefused, anext(client.authenticated_method_streaming.simple_stream()))
    assert refused.reason == "authenticationFailed"
    assert not (await client.authentication.authenticate("test@foo.bar", "wrong")).success
    answer = await client.authentication.authenticate("test@foo.bar", "password", ["serverpod.admin"])
    async with connect(auth=lab.Auth(f"{answer.key_id}:{answer.key}", scheme="Basic")) as admin:
        assert await admin.sign_in_required.test_method()
        assert await admin.admin_scope_required.test_method()
        assert len(await all_of(admin.authenticated_method_streaming.simple_stream())) == 10
        assert await all_of(admin.authenticated_method_streaming.int_echo_stream([1, 2])) == [1, 2]
        await raises(lab.ForbiddenError, admin.authenticated_test_tools.returns_string("a"))
        declined = await raises(lab.StreamRefused, anext(admin.authenticated_test_tools.returns_stream(1)))
        assert declined.reason == "authorizationDeclined"
        await admin.authentication.sign_out()
        await raises(lab.UnauthorizedError, admin.sign_in_required.test_method())


async def _open(_: Client, lab: Lab, connect: Connect) -> None:
    async with connect(auth=lab.Auth("no token")) as client:
        assert not await client.unauthenticated.unauthenticated_method()
        assert await all_of(client.unauthenticated.unauthenticated_stream()) == [False]


async def _arguments(client: Client, lab: Lab, connect: Connect) -> None:
    named, optional, old = client.named_parameters, client.optional_parameters, client.deprecation
    assert await named.named_parameters_method(named_int=42, int_with_default_value=42)
    assert await named.named_parameters_method_equal_ints(named_int=1, nullable_int=1)
    assert not await named.named_parameters_method_equal_ints(named_int=1)
    assert await optional.return_optional_int() is await optional.return_optional_int(None) is None
    assert await optional.return_optional_int(3) == 3
    assert await old.method_with_mixed_params("a", "b") == "ab"
    assert await old.method_with_optional_deprecated_param() == "default"


async def _both_ways(client: Client, lab: Lab, connect: Connect) -> None:
    streams = client.method_streaming
    assert await all_of(streams.simple_stream()) == list(range(10))
    assert await all_of(streams.nullable_int_echo_stream([1, None, 2])) == [1, None, 2]
    both = await all_of(streams.multiple_int_echo_streams([1, 2], [10, 20, 30]))
    assert sorted(both) == [1, 2, 10, 20, 30]


async def _one_value(client: Client, lab: Lab, connect: Connect) -> None:
    streams = client.method_streaming
    assert await streams.int_return_from_stream([4, 5]) == 4
    assert await streams.nullable_int_return_from_stream([None]) is None
    assert await streams.void_return_after_stream([1, 2]) is None
    assert await client.test_tools.returns_list_from_input_stream([1, 2]) == [1, 2]


async def _raised_in_stream(client: Client, lab: Lab, connect: Connect) -> None:
    streams = client.method_streaming
    declared = streams.out_stream_throws_serializable_exception()
    raised = await raises(lab.ExceptionWithData, anext(declared))
    assert raised.error_fields == ["first line error", "second line error"]
    other = streams.out_stream_throws_exception()
    assert "not for clients" not in str(await raises(lab.StreamClosed, anext(other)))
    await raises(lab.ExceptionWithData, streams.throws_serializable_exception([]))


async def _input_fails(client: Client, lab: Lab, connect: Connect) -> None:
    def failing(error: Exception) -> Any:
        yield 1
        raise error

    streams = client.method_streaming
    now = datetime.datetime.now(datetime.UTC)
    declared = lab.ExceptionWithData(
        message="m", creation_date=now, error_fields=[], some_nullable_field=None
    )
    assert await streams.did_input_stream_have_serializable_exception_error(failing(declared))
    assert await streams.did_input_stream_have_error(failing(ValueError("mine")))
    assert not await streams.did_input_stream_have_error([1])


async def _leaving(client: Client, lab: Lab, connect: Connect) -> None:
    streams = client.method_streaming
    await streams.was_session_will_close_listener_called()
    async for number in streams.never_ending_stream_with_delay(1):
        if number == 2:
            break
    while not await streams.was_session_will_close_listener_called():
        await asyncio.sleep(0.02)


async def _subclass(client: Client, lab: Lab, connect: Connect) -> None:
    tests = client.inheritance_polymorphism_test
    given = lab.PolymorphicGrandChild(parent="a", child="b", grandchild="c")
    streamed = await all_of(tests.polymorphic_streaming_roundtrip([given]))
    assert [await tests.polymorphic_roundtrip(given), *streamed] == [("PolymorphicGrandChild", given)] * 2


async def _anything(client: Client, lab: Lab, connect: Connect) -> None:
    data = lab.SimpleData(num=1)
    for value in (1, "a", None, True, [1, "b"], {"a": [2]}):
        assert await client.test_tools.echo_dynamic(value) == value
    assert await all_of(client.method_streaming.dynamic_echo_stream([1, "two", data])) == [1, "two", data]


async def _module(client: Client, lab: Lab, connect: Connect) -> None:
    given = lab.serverpod_test_module_module.ModuleClass(name="n", data=3)
    assert await client.test_tools.echo_module_class(given) == given
    assert await client.module_serialization.serialize_module_object()


async def _inheritance(client: Client, lab: Lab, connect: Connect) -> None:
    assert await client.concrete_sub_class.virtual_method() == "virtualMethod"
    assert await client.module_endpoint_adaptation.echo_string("a") == "re-exposed: a"
    assert await client.module_endpoint_extension.greet("World") == "Hello World"
    assert not hasattr(client.module_endpoint_subclass, "ignored_method")
    assert not hasattr(client.module_endpoint_reduction, "echo_string")
    assert not hasattr(client, "abstract_base")


SCENARIOS: dict[str, Callable[[Client, Lab, Connect], Awaitable[None]]] = {
    "a declared exception arrives with its fields": _declared,
    "any other exception is an error without its text": _undeclared,
    "a call that takes too long fails, and the server goes on": _late,
    "a password opens what needs it, until the user signs out": _password,
    "calls that are open to everyone go without the token": _open,
    "arguments go by position and by name, or are left out": _arguments,
    "streams go in and out, and become one": _both_ways,
    "a stream becomes one value": _one_value,
    "exceptions end a stream": _raised_in_stream,
    "the method hears what ended its input": _input_fails,
    "leaving a stream ends its method": _leaving,
    "a subclass arrives as itself": _subclass,
    "a value of any type arrives as what it was": _anything,
    "models of a module go there and back": _module,
    "endpoints have what they inherit and show": _inheritance,
}
