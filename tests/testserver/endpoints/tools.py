"""Endpoints for the tests of a Serverpod project: round trips of values, transactions, caches, shared streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.cache import caches
from django.db import transaction
from serverpod_test.models import ModuleDatatype, ObjectWithDynamic, SimpleData, Types, TypesRecord
from serverpod_test_module.models import ModuleClass

from podium.core.ids import uuid7
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.wire.codecs import codec
from realtime import messages
from tests.testserver import closing

SHARED_STREAM = "testserver.numbers"
DATA = codec("SimpleData")


class MapWithFlagAndData(NamedTuple):
    item1: dict[str, int]
    flag: bool
    simple_data: SimpleData


class TestToolsEndpoint(Endpoint):
    """Methods of each kind for the tests of a project."""

    async def add_will_close_listener_to_session_and_throw(self, call: Call) -> None:
        call.on_close(closing.note)
        raise ValueError("after a listener was added")

    async def add_will_close_listener_to_session_int_stream_method_and_throw(
        self, call: Call
    ) -> AsyncIterator[int]:
        call.on_close(closing.note)
        raise ValueError("after a listener was added")
        yield 0  # makes it a stream

    async def create_simple_data(self, call: Call, data: int) -> None:
        await SimpleData.objects.acreate(num=data)

    def create_simple_data_and_throw_inside_transaction(self, call: Call, data: int) -> None:
        """The row of the first transaction is kept, that of the second is not."""
        _create_in_transaction(data)
        with transaction.atomic():
            SimpleData.objects.create(num=data)
            raise ValueError("inside a transaction")

    async def create_simple_datas_in_parallel_transaction_calls(self, call: Call) -> None:
        """Insert four rows, each in a separate transaction, all started at the same moment."""
        await asyncio.gather(*(sync_to_async(_create_in_transaction)(number) for number in range(1, 5)))

    def create_simple_datas_inside_transactions(self, call: Call, data: int) -> None:
        """Insert two rows, each in a separate transaction."""
        _create_in_transaction(data)
        _create_in_transaction(data)

    async def echo_dynamic(self, call: Call, anything: Any) -> Any:
        return anything

    async def echo_module_class(self, call: Call, module_class: ModuleClass) -> ModuleClass:
        return module_class

    async def echo_module_datatype(self, call: Call, module_datatype: ModuleDatatype) -> ModuleDatatype:
        return module_datatype

    async def echo_object_with_dynamic(
        self, call: Call, object_with_dynamic: ObjectWithDynamic
    ) -> ObjectWithDynamic:
        return object_with_dynamic

    async def echo_record(
        self, call: Call, record: tuple[str, tuple[int, bool]]
    ) -> tuple[str, tuple[int, bool]]:
        return record

    async def echo_records(
        self, call: Call, records: list[tuple[str, tuple[int, bool]]]
    ) -> list[tuple[str, tuple[int, bool]]]:
        return records

    async def echo_simple_data(self, call: Call, simple_data: SimpleData) -> SimpleData:
        return simple_data

    async def echo_simple_datas(self, call: Call, simple_datas: list[SimpleData]) -> list[SimpleData]:
        return simple_datas

    async def echo_types(self, call: Call, types_model: Types) -> Types:
        return types_model

    async def echo_types_list(self, call: Call, types_list: list[Types]) -> list[Types]:
        return types_list

    async def get_all_simple_data(self, call: Call) -> list[SimpleData]:
        return [each async for each in SimpleData.objects.order_by("id")]

    async def get_from_local_cache(self, call: Call, key: str) -> SimpleData | None:
        return await _cached("local", key)

    async def get_from_local_prio_cache(self, call: Call, key: str) -> SimpleData | None:
        return await _cached("priority", key)

    async def get_from_query_cache(self, call: Call, key: str) -> SimpleData | None:
        return await _cached("query", key)

    async def list_of_record_echo_stream(
        self, call: Call, initial_value: list[tuple[str, int]], stream: AsyncIterator[list[tuple[str, int]]]
    ) -> AsyncIterator[list[tuple[str, int]]]:
        yield initial_value
        async for each in stream:
            yield each

    async def listen_for_numbers_on_shared_stream(self, call: Call) -> AsyncIterator[int]:
        async with messages.subscribe(SHARED_STREAM) as numbers:
            async for number in numbers:
                yield number

    async def log_message_with_session(self, call: Call) -> None:
        call.log("test session log in endpoint")

    async def model_with_records_echo_stream(
        self, call: Call, initial_value: TypesRecord | None, stream: AsyncIterator[TypesRecord | None]
    ) -> AsyncIterator[TypesRecord | None]:
        yield initial_value
        async for each in stream:
            yield each

    async def nullable_list_of_record_echo_stream(
        self,
        call: Call,
        initial_value: list[tuple[str, int]] | None,
        stream: AsyncIterator[list[tuple[str, int]] | None],
    ) -> AsyncIterator[list[tuple[str, int]] | None]:
        yield initial_value
        async for each in stream:
            yield each

    async def nullable_record_echo_stream(
        self,
        call: Call,
        initial_value: tuple[str, MapWithFlagAndData] | None,
        stream: AsyncIterator[tuple[str, MapWithFlagAndData] | None],
    ) -> AsyncIterator[tuple[str, MapWithFlagAndData] | None]:
        yield initial_value
        async for each in stream:
            yield each

    async def post_number_to_shared_stream(self, call: Call, number: int) -> None:
        await messages.publish(SHARED_STREAM, number)

    async def post_number_to_shared_stream_and_return_stream(
        self, call: Call, number: int
    ) -> AsyncIterator[int]:
        """A stream of only 1, after the number was published."""
        await messages.publish(SHARED_STREAM, number)
        yield 1

    async def put_in_local_cache(self, call: Call, key: str, data: SimpleData) -> None:
        await _cache("local", key, data)

    async def put_in_local_cache_with_group(self, call: Call, key: str, data: SimpleData, group: str) -> None:
        """Read an entry by its key; `group` could be used to invalidate entries."""
        await _cache("local", key, data)

    async def put_in_local_prio_cache(self, call: Call, key: str, data: SimpleData) -> None:
        await _cache("priority", key, data)

    async def put_in_query_cache(self, call: Call, key: str, data: SimpleData) -> None:
        await _cache("query", key, data)

    async def record_echo_stream(
        self,
        call: Call,
        initial_value: tuple[str, MapWithFlagAndData],
        stream: AsyncIterator[tuple[str, MapWithFlagAndData]],
    ) -> AsyncIterator[tuple[str, MapWithFlagAndData]]:
        yield initial_value
        async for each in stream:
            yield each

    async def return_record_with_serializable_object(
        self, call: Call, number: int, data: SimpleData
    ) -> tuple[int, SimpleData]:
        return number, data

    async def returns_list_from_input_stream(self, call: Call, numbers: AsyncIterator[int]) -> list[int]:
        return [each async for each in numbers]

    async def returns_session_endpoint_and_method(self, call: Call) -> list[str | None]:
        return [call.endpoint, call.method]

    async def returns_session_endpoint_and_method_from_stream(self, call: Call) -> AsyncIterator[str | None]:
        yield call.endpoint
        yield call.method

    async def returns_session_id(self, call: Call) -> UUID:
        """A new one for each call: a call has none of its own."""
        return uuid7()

    async def returns_session_id_from_stream(self, call: Call) -> AsyncIterator[UUID]:
        """A new one for each call: a call has none of its own."""
        yield uuid7()

    async def returns_simple_data_list_from_input_stream(
        self, call: Call, simple_datas: AsyncIterator[SimpleData]
    ) -> list[SimpleData]:
        return [each async for each in simple_datas]

    async def returns_simple_data_stream_from_input_stream(
        self, call: Call, simple_datas: AsyncIterator[SimpleData]
    ) -> AsyncIterator[SimpleData]:
        async for each in simple_datas:
            yield each

    async def returns_stream(self, call: Call, n: int) -> AsyncIterator[int]:
        for number in range(n):
            yield number

    async def returns_stream_from_input_stream(
        self, call: Call, numbers: AsyncIterator[int]
    ) -> AsyncIterator[int]:
        async for each in numbers:
            yield each

    async def returns_string(self, call: Call, string: str) -> str:
        return string

    async def stream_module_class(
        self, call: Call, initial_value: ModuleClass | None, values: AsyncIterator[ModuleClass | None]
    ) -> AsyncIterator[ModuleClass | None]:
        yield initial_value
        async for each in values:
            yield each

    async def stream_module_datatype(
        self, call: Call, initial_value: ModuleDatatype | None, values: AsyncIterator[ModuleDatatype | None]
    ) -> AsyncIterator[ModuleDatatype | None]:
        yield initial_value
        async for each in values:
            yield each


def _create_in_transaction(number: int) -> None:
    with transaction.atomic():
        SimpleData.objects.create(num=number)


async def _cache(kind: str, key: str, data: SimpleData) -> None:
    """Keep a copy in this process."""
    await caches["local"].aset(f"{kind}:{key}", DATA.encode(data))


async def _cached(kind: str, key: str) -> SimpleData | None:
    found = await caches["local"].aget(f"{kind}:{key}")
    return None if found is None else DATA.decode(found)
