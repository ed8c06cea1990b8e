"""Behavior of the test server's methods beyond round trips: streams, failures, rows, sign-in, inheritance."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.realtime.client import connect
from tests.testserver.test_values import NOON, sent


async def failing(error: Exception) -> AsyncIterator[int]:
    yield 1
    raise error


async def until(ask: Any) -> None:
    """Wait until a method answers true."""
    async with asyncio.timeout(40):
        while not await ask():
            await asyncio.sleep(0.02)


# Streams ------------------------------------------------------------------------------------------------------------


async def test_streams_yield_their_values_in_order_and_end(client: Any) -> None:
    streams = client.method_streaming
    assert [each async for each in streams.simple_stream()] == list(range(10))
    assert [each async for each in streams.int_stream_from_value(3)] == [0, 1, 2]
    assert [each.num async for each in streams.simple_data_stream(2)] == [0, 1]
    assert [each async for each in streams.nullable_int_echo_stream(sent([1, None, 2]))] == [1, None, 2]


async def test_two_merged_streams_end_after_both(client: Any) -> None:
    streams = client.method_streaming
    both = [each async for each in streams.multiple_int_echo_streams(sent([1, 2]), sent([10, 20, 30]))]
    assert sorted(both) == [1, 2, 10, 20, 30]
    assert [each async for each in streams.multiple_int_echo_streams(sent([]), sent([7]))] == [7]


async def test_two_merged_streams_can_be_closed_before_their_end(client: Any) -> None:
    streams = client.method_streaming
    async with streams.multiple_int_echo_streams(sent(range(100)), sent(range(100))) as numbers:
        assert await anext(numbers) == 0
    assert await streams.double_input_value(2) == 4
    async with asyncio.timeout(5):  # with frames unread it would wait for 10 s
        await client.aclose()


async def test_a_failing_input_of_two_fails_the_method(client: Any, package: Any) -> None:
    stream = client.method_streaming.multiple_int_echo_streams(sent([]), failing(ValueError("mine")))
    with pytest.raises(package.ClientError):
        [each async for each in stream]


async def test_a_stream_becomes_one_value(client: Any) -> None:
    streams = client.method_streaming
    assert await streams.int_return_from_stream(sent([4, 5])) == 4
    assert await streams.nullable_int_return_from_stream(sent([None])) is None
    assert await streams.void_return_after_stream(sent([1, 2])) is None
    assert await client.test_tools.returns_list_from_input_stream(sent([1, 2])) == [1, 2]


async def test_a_client_that_closes_the_stream_ends_the_method(client: Any) -> None:
    streams = client.method_streaming
    await streams.was_session_will_close_listener_called()
    async with streams.never_ending_stream_with_delay(1) as numbers:
        assert [await anext(numbers), await anext(numbers)] == [0, 1]
        assert not await streams.was_session_will_close_listener_called()
    await until(streams.was_session_will_close_listener_called)


async def test_listeners_for_the_end_also_run_if_the_method_fails(client: Any, package: Any) -> None:
    was_called = client.method_streaming.was_session_will_close_listener_called
    await was_called()
    with pytest.raises(package.ServerError):
        await client.test_tools.add_will_close_listener_to_session_and_throw()
    assert await was_called()
    stream = client.test_tools.add_will_close_listener_to_session_int_stream_method_and_throw()
    with pytest.raises(package.ClientError):
        [each async for each in stream]
    await until(was_called)


async def test_a_stream_without_a_value_can_be_cancelled(client: Any) -> None:
    streams = client.method_streaming
    async with streams.get_broadcast_stream() as nothing:
        reading = asyncio.create_task(anext(nothing))
        await asyncio.sleep(0.2)
        assert not await streams.was_broadcast_stream_canceled()
        reading.cancel()
    await until(streams.was_broadcast_stream_canceled)


async def test_delayed_answers_can_be_released_at_once(client: Any) -> None:
    streams = client.method_streaming
    async with asyncio.timeout(10):
        waiting = asyncio.create_task(streams.delayed_response(60))
        while not waiting.done():
            await streams.complete_all_delayed_responses()
            await asyncio.sleep(0.02)
        await waiting


async def test_a_declared_exception_ends_a_stream_as_itself(client: Any, package: Any) -> None:
    stream = client.method_streaming.out_stream_throws_serializable_exception()
    with pytest.raises(package.ExceptionWithData) as raised:
        [each async for each in stream]
    assert raised.value.error_fields == ["first line error", "second line error"]


async def test_any_other_exception_ends_a_stream_without_its_text(client: Any, package: Any) -> None:
    for name in ("out_stream_throws_exception", "exception_thrown_before_stream_return"):
        with pytest.raises(package.ClientError) as raised:
            [each async for each in getattr(client.method_streaming, name)()]
        assert "not for clients" not in str(raised.value)


async def test_the_server_receives_the_failure_of_an_input(client: Any, package: Any) -> None:
    streams = client.method_streaming
    declared = package.ExceptionWithData(
        message="m", creation_date=NOON, error_fields=[], some_nullable_field=None
    )
    assert await streams.did_input_stream_have_error(failing(ValueError("mine")))
    assert await streams.did_input_stream_have_serializable_exception_error(failing(declared))
    assert not await streams.did_input_stream_have_error(sent([1]))


async def test_numbers_reach_all_listeners(client: Any) -> None:
    tools = client.test_tools
    async with asyncio.timeout(10), tools.listen_for_numbers_on_shared_stream() as numbers:
        reading = asyncio.create_task(anext(numbers))
        while not reading.done():
            await tools.post_number_to_shared_stream(7)
            await asyncio.sleep(0.05)
        assert reading.result() == 7


# Failures -----------------------------------------------------------------------------------------------------------


async def test_exceptions_arrive_as_declared(client: Any, package: Any) -> None:
    with pytest.raises(package.ExceptionWithData) as raised:
        await client.exception_test.throw_exception_with_data()
    assert (raised.value.message, raised.value.some_nullable_field) == ("Throwing an exception", 1)
    with pytest.raises(package.ExceptionWithRequiredField) as required:
        await client.echo_required_field.throw_exception()
    assert (required.value.name, required.value.email) == ("John Doe", "john.doe@example.com")
    with pytest.raises(package.ServerError) as other:
        await client.exception_test.throw_normal_exception()
    assert "not for clients" not in str(other.value)


async def test_the_server_continues_after_a_failed_query(client: Any, package: Any) -> None:
    with pytest.raises(package.ServerError):
        await client.failed_calls.failed_database_query()
    assert await client.failed_calls.failed_database_query_caught_exception()


async def test_methods_that_are_not_implemented_say_so(client: Any, package: Any) -> None:
    for ask in (
        client.cloud_storage.get_public_url_for_file("a"),
        client.s3_cloud_storage.get_direct_file_post_url("a"),
    ):
        with pytest.raises(package.HttpError) as refused:
            await ask
        assert (refused.value.status, refused.value.body) == (
            501,
            "The server has nothing that could answer this.",
        )


# Rows, files, caches ------------------------------------------------------------------------------------------------


@pytest.fixture
async def rows(client: Any) -> Any:
    """The endpoint with the rows 0 to 9."""
    await client.basic_database.delete_all()
    await client.basic_database.create_simple_test_data(10)
    return client.basic_database


async def test_rows_are_created_found_changed_and_deleted(rows: Any, package: Any) -> None:
    made = await rows.insert_row_simple_data(package.SimpleData(num=77))
    assert await rows.find_by_id_simple_data(made.id) == made
    made.num = 78
    await rows.update_row_simple_data(made)
    assert (await rows.find_first_row_simple_data(78)).id == made.id
    assert await rows.delete_row_simple_data(made) == made.id
    assert await rows.find_by_id_simple_data(made.id) is None
    found = await rows.find_simple_data_rows_less_than(5, 1, 2, True)
    assert [each.num for each in found.rows] == [3, 2]
    assert len(await rows.delete_where_simple_data()) == 10
    assert await rows.count_simple_data() == 0


async def test_more_rows_than_a_server_can_hold_are_refused(rows: Any, package: Any) -> None:
    with pytest.raises(package.BadRequestError):
        await rows.create_simple_test_data(2**63 - 1)
    assert await rows.count_simple_data() == 10


async def test_a_transaction_commits_as_a_whole_or_not_at_all(client: Any, rows: Any, package: Any) -> None:
    assert await client.transactions_database.update_insert_delete(5, 50, 0)
    found = await rows.find_simple_data_rows_less_than(10_000, 0, 100, False)
    assert [each.num for each in found.rows] == [1, 2, 3, 4, 6, 7, 8, 9, 50, 1000]
    with pytest.raises(package.NotFoundError):
        await client.transactions_database.update_insert_delete(1, 60, 999)
    assert (await rows.find_simple_data_rows_less_than(10_000, 0, 100, False)) == found
    with pytest.raises(package.ServerError):
        await client.test_tools.create_simple_data_and_throw_inside_transaction(5)
    assert await rows.count_simple_data() == 11  # that of the transaction before


async def test_rows_hold_every_type(client: Any, package: Any) -> None:
    given = package.Types(
        an_int=1, a_uri="https://example.com", a_big_int=2**100, a_byte_data=b"\x00\xff", a_list=[1], a_map={1: 2},
        a_set={3}, an_enum=package.TestEnum.TWO, a_record=("id", None),
    )  # fmt: skip
    made = await client.basic_database.insert_types(given)
    given.id = made.id
    assert made == given
    made.an_int = None
    assert (await client.basic_database.update_types(made)).an_int is None
    assert await client.basic_database.get_types_raw_query(made.id) == made.id
    assert await client.basic_database.test_byte_data_store()


async def test_files_are_kept_by_their_path(client: Any) -> None:
    files = client.cloud_storage
    await files.store_public_file("a/b.bin", b"1")
    await files.store_public_file("a/b.bin", b"22")
    assert await files.retrieve_public_file("a/b.bin") == b"22"
    await files.reset()
    assert not await files.exists_public_file("a/b.bin")
    assert await files.retrieve_public_file("a/b.bin") is None


async def test_values_are_kept_in_caches(client: Any, package: Any) -> None:
    data, tools, shared = package.SimpleData(num=5), client.test_tools, client.redis
    await tools.put_in_local_cache("key", data)
    assert await tools.get_from_local_cache("key") == data
    assert await tools.get_from_query_cache("key") is None
    await shared.set_simple_data("key", data)
    assert await shared.get_simple_data("key") == data
    await shared.delete_simple_data("key")
    assert await shared.get_simple_data("key") is None


# Callers --------------------------------------------------------------------------------------------------------------


async def test_only_signed_in_users_with_the_scope_may_call(client: Any, admin: Any, package: Any) -> None:
    for ask in (client.sign_in_required.test_method, client.require_login.unauthenticated_method):
        with pytest.raises(package.UnauthorizedError):
            await ask()
    assert await admin.sign_in_required.test_method()
    assert await admin.admin_scope_required.test_method()
    assert await admin.my_admin.echo("a") == await admin.my_concrete_admin.echo("a") == "a"
    assert [each async for each in admin.authenticated_method_streaming.simple_stream()] == list(range(10))
    with pytest.raises(package.ForbiddenError):
        await admin.authenticated_test_tools.returns_string("a")
    assert (await admin.session_authentication.get_authentication_info()).scopes == ["serverpod.admin"]
    assert not await client.session_authentication.is_authenticated()


async def test_signing_out_ends_the_token(admin: Any, package: Any) -> None:
    await admin.authentication.sign_out()
    with pytest.raises(package.UnauthorizedError):
        await admin.sign_in_required.test_method()


async def test_a_wrong_password_and_another_domain_are_refused(client: Any) -> None:
    await client.authentication.remove_all_users()
    refused = await client.authentication.authenticate("test@foo.bar", "wrong")
    assert (refused.success, refused.key) == (False, None)
    await client.authentication.create_user("anna@foo.fail", "password")
    assert await client.authentication.count_users() == 0
    await client.authentication.create_user("anna@foo.bar", "password")
    assert (await client.authentication.authenticate("anna@foo.bar", "password")).success


async def test_unauthenticated_calls_are_sent_without_the_token(admin: Any) -> None:
    assert not await admin.unauthenticated.unauthenticated_method()
    assert [each async for each in admin.unauthenticated.unauthenticated_stream()] == [False]
    assert await admin.partially_unauthenticated.authenticated_method()


# Inheritance ----------------------------------------------------------------------------------------------------------


async def test_endpoints_have_inherited_and_overridden_methods(client: Any) -> None:
    assert await client.concrete_sub_class.concrete_method() == "concreteMethod"
    assert await client.concrete_sub_class.sub_class_virtual_method() == "subClassVirtualMethod"
    assert await client.independent.virtual_method() == "virtualMethod"
    assert await client.concrete_module_base.abstract_base_method() == "abstractBaseMethod"
    assert await client.module_endpoint_adaptation.echo_string("a") == "re-exposed: a"
    assert await client.module_endpoint_adaptation.echo_record((5, 100), 2) == (10, 200)
    assert await client.module_endpoint_extension.greet("World") == "Hello World"
    assert await client.module_endpoint_extension.ignored_method() is None
    assert not hasattr(client.module_endpoint_subclass, "ignored_method")
    assert not hasattr(client.module_endpoint_reduction, "echo_string")
    assert not hasattr(client, "abstract_base")


async def test_the_simplest_calls(client: Any) -> None:
    await client.simple.set_global_int(10)
    await client.simple.add_to_global_int()
    assert await client.simple.get_global_int() == 11
    assert await client.test_tools.returns_session_endpoint_and_method() == [
        "testTools",
        "returnsSessionEndpointAndMethod",
    ]


async def test_headers_are_echoed_to_signed_in_users(client: Any, admin: Any, package: Any) -> None:
    with pytest.raises(package.UnauthorizedError):
        await client.echo_request.echo_http_header("accept")
    assert await admin.echo_request.echo_http_header("accept-nothing") is None
    assert await admin.echo_request.echo_authentication_key()


# Modules and workers --------------------------------------------------------------------------------------------------


async def test_a_module_has_streams_and_features_of_its_own(client: Any, package: Any) -> None:
    module = client.modules.serverpod_test_module
    assert (await module.my_module_feature.my_feature_model()).name == "Isak"
    assert await module.streaming.simple_input_return_stream(sent([4, 5])) == 4
    streamed = package.serverpod_test_module_module.ModuleStreamingClass(name="test")
    values = [(1, streamed), (None, streamed), (3, None), (None, None)]
    assert [each async for each in module.record_streaming.stream_module_class(sent(values))] == values


async def test_records_on_a_stream_of_a_module_have_the_names_of_its_client(host: str) -> None:
    """Serverpod's client closes the connection at a name that it does not know."""
    record = {"p": [1, {"__className__": "serverpod_test_module.ModuleStreamingClass", "name": "test"}]}
    async with connect(f"{host.replace('http', 'ws', 1)}v1/websocket") as socket:
        name = "serverpod_test_module.recordStreaming.streamModuleClass"
        stream = await socket.open(name, inputs=("values",))
        assert await stream.answer() == "success"
        wrapped = {"className": "serverpod_test_module.(int?,ModuleStreamingClass?)", "data": record}
        await socket.send("msm", **stream.head, p="values", o=wrapped)
        kind, data = await socket.receive()
        assert (kind, data["o"]) == ("msm", wrapped)


async def test_a_worker_runs_what_is_scheduled(client: Any, rows: Any) -> None:
    await client.async_tasks.insert_row_to_simple_data_after_delay(1000, 1)
    assert await rows.count_simple_data() == 10

    async def arrived() -> bool:
        return bool(await rows.count_simple_data() == 11)

    await until(arrived)
