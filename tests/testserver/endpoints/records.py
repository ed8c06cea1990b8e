"""Round trips of records with positional and named fields."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from serverpod_test.models import SimpleData, TypesRecord
from serverpod_test_module.models import ModuleClass, ProjectStreamingClass

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.wire.types import MapAsPairs, SetAsList


class PositionalAndNamedSubRecord(NamedTuple):
    item1: tuple[int, str]
    named_sub_record: tuple[SimpleData, float]


class NumberAndText(NamedTuple):
    number: int
    text: str


class NamedMap(NamedTuple):
    int_int_map: dict[int, int]


class NamedSet(NamedTuple):
    bool_set: set[tuple[bool]]


class NamedSubRecord(NamedTuple):
    named_sub_record: tuple[SimpleData, float]


class NullableNamedSubRecord(NamedTuple):
    named_sub_record: tuple[SimpleData, float] | None


class DataAndNumber(NamedTuple):
    data: SimpleData
    number: int


class NullableDataAndNumber(NamedTuple):
    data: SimpleData | None
    number: int | None


class NumberWithData(NamedTuple):
    item1: int
    data: SimpleData


class RecordParametersEndpoint(Endpoint):
    """Alone, in containers, in other records and in streams."""

    async def echo_model_class_with_record_field(self, call: Call, value: TypesRecord) -> TypesRecord:
        return value

    async def echo_nullable_model_class_with_record_field(
        self, call: Call, value: TypesRecord | None
    ) -> TypesRecord | None:
        return value

    async def echo_nullable_model_class_with_record_field_from_external_module(
        self, call: Call, value: ModuleClass | None
    ) -> ModuleClass | None:
        return value

    async def record_parameters_with_custom_names(
        self, call: Call, positional_record: tuple[int], *, named_record: tuple[int]
    ) -> int:
        """The sum of both."""
        return sum((*positional_record, *named_record))

    async def return_int_simple_data_record(
        self, call: Call, record: tuple[int, SimpleData]
    ) -> tuple[int, SimpleData]:
        return record

    async def return_int_string_record(self, call: Call, record: tuple[int, str]) -> tuple[int, str]:
        return record

    async def return_list_of_int_simple_data_record(
        self, call: Call, record_list: list[tuple[int, SimpleData]]
    ) -> list[tuple[int, SimpleData]]:
        return record_list

    async def return_list_of_nested_positional_and_named_record(
        self, call: Call, record_list: list[PositionalAndNamedSubRecord]
    ) -> list[PositionalAndNamedSubRecord]:
        return record_list

    async def return_list_of_nullable_int_simple_data_record(
        self, call: Call, record: list[tuple[int, SimpleData] | None]
    ) -> list[tuple[int, SimpleData] | None]:
        return record

    async def return_named_int_string_record(self, call: Call, record: NumberAndText) -> NumberAndText:
        return record

    async def return_named_non_string_keyed_map_record(self, call: Call, record: NamedMap) -> NamedMap:
        return record

    async def return_named_nullable_int_string_record(
        self, call: Call, record: NumberAndText | None
    ) -> NumberAndText | None:
        return record

    async def return_named_set_with_nested_record_record(self, call: Call, record: NamedSet) -> NamedSet:
        return record

    async def return_nested_named_record(self, call: Call, record: NamedSubRecord) -> NamedSubRecord:
        return record

    async def return_nested_non_string_keyed_map_inside_record_inside_map_inside_record(
        self, call: Call, map: tuple[MapAsPairs[tuple[dict[int, str], str], str]]
    ) -> tuple[MapAsPairs[tuple[dict[int, str], str], str]]:
        return map

    async def return_nested_nullable_named_record(
        self, call: Call, record: NullableNamedSubRecord
    ) -> NullableNamedSubRecord:
        return record

    async def return_nested_positional_and_named_record(
        self, call: Call, record: PositionalAndNamedSubRecord
    ) -> PositionalAndNamedSubRecord:
        return record

    async def return_non_string_keyed_map_record(
        self, call: Call, record: tuple[dict[int, int]]
    ) -> tuple[dict[int, int]]:
        return record

    async def return_nullable_int_simple_data_record(
        self, call: Call, record: tuple[int, SimpleData] | None
    ) -> tuple[int, SimpleData] | None:
        return record

    async def return_nullable_int_string_record(
        self, call: Call, record: tuple[int, str] | None
    ) -> tuple[int, str] | None:
        return record

    async def return_nullable_record_of_int(self, call: Call, record: tuple[int] | None) -> tuple[int] | None:
        return record

    async def return_nullable_record_of_named_int_and_object(
        self, call: Call, record: DataAndNumber | None
    ) -> DataAndNumber | None:
        return record

    async def return_nullable_record_of_nullable_int(
        self, call: Call, record: tuple[int | None] | None
    ) -> tuple[int | None] | None:
        return record

    async def return_nullable_record_typedef(
        self, call: Call, record: NumberWithData | None
    ) -> NumberWithData | None:
        return record

    async def return_nullable_set_of_int_simple_data_record(
        self, call: Call, record_set: SetAsList[tuple[int, SimpleData]] | None
    ) -> SetAsList[tuple[int, SimpleData]] | None:
        return record_set

    async def return_record_map_of_int_simple_data_record(
        self, call: Call, map: dict[tuple[str, int], tuple[int, SimpleData]]
    ) -> dict[tuple[str, int], tuple[int, SimpleData]]:
        return map

    async def return_record_of_int(self, call: Call, record: tuple[int]) -> tuple[int]:
        return record

    async def return_record_of_named_int_and_object(self, call: Call, record: DataAndNumber) -> DataAndNumber:
        return record

    async def return_record_of_named_nullable_int_and_nullable_object(
        self, call: Call, record: NullableDataAndNumber
    ) -> NullableDataAndNumber:
        return record

    async def return_record_of_nullable_int(self, call: Call, record: tuple[int | None]) -> tuple[int | None]:
        return record

    async def return_record_typedef(self, call: Call, record: NumberWithData) -> NumberWithData:
        return record

    async def return_set_of_int_simple_data_record(
        self, call: Call, record_set: SetAsList[tuple[int, SimpleData]]
    ) -> SetAsList[tuple[int, SimpleData]]:
        return record_set

    async def return_set_of_nullable_int_simple_data_record(
        self, call: Call, set: SetAsList[tuple[int, SimpleData] | None]
    ) -> SetAsList[tuple[int, SimpleData] | None]:
        return set

    async def return_set_with_nested_record_record(
        self, call: Call, record: tuple[set[tuple[int]]]
    ) -> tuple[set[tuple[int]]]:
        return record

    async def return_string_keyed_map_record(
        self, call: Call, record: tuple[dict[str, int]]
    ) -> tuple[dict[str, int]]:
        return record

    async def return_string_map_of_int_simple_data_record(
        self, call: Call, map: dict[str, tuple[int, SimpleData]]
    ) -> dict[str, tuple[int, SimpleData]]:
        return map

    async def return_string_map_of_list_of_record(
        self, call: Call, input: SetAsList[list[dict[str, tuple[int]]]]
    ) -> dict[str, list[set[tuple[int]]]]:
        """All records by their keys."""
        found: dict[str, list[set[tuple[int]]]] = {}
        for maps in input:
            for each in maps:
                for key, record in each.items():
                    found.setdefault(key, []).append({record})
        return found

    async def return_string_map_of_nullable_int_simple_data_record(
        self, call: Call, map: dict[str, tuple[int, SimpleData] | None]
    ) -> dict[str, tuple[int, SimpleData] | None]:
        return map

    async def stream_nullable_list_of_nullable_nested_positional_and_named_record(
        self,
        call: Call,
        initial_value: list[PositionalAndNamedSubRecord | None] | None,
        values: AsyncIterator[list[PositionalAndNamedSubRecord | None] | None],
    ) -> AsyncIterator[list[PositionalAndNamedSubRecord | None] | None]:
        yield initial_value
        async for each in values:
            yield each

    async def stream_nullable_record_of_nullable_int(
        self, call: Call, values: AsyncIterator[tuple[int | None] | None]
    ) -> AsyncIterator[tuple[int | None] | None]:
        async for each in values:
            yield each

    async def stream_of_model_class_with_record_field(
        self, call: Call, initial_value: TypesRecord, values: AsyncIterator[TypesRecord]
    ) -> AsyncIterator[TypesRecord]:
        yield initial_value
        async for each in values:
            yield each

    async def stream_of_nullable_int_and_module_class(
        self, call: Call, values: AsyncIterator[tuple[int | None, ProjectStreamingClass | None]]
    ) -> AsyncIterator[tuple[int | None, ProjectStreamingClass | None]]:
        async for each in values:
            yield each

    async def stream_of_nullable_model_class_with_record_field(
        self, call: Call, initial_value: TypesRecord | None, values: AsyncIterator[TypesRecord | None]
    ) -> AsyncIterator[TypesRecord | None]:
        yield initial_value
        async for each in values:
            yield each

    async def stream_of_nullable_model_class_with_record_field_from_external_module(
        self, call: Call, initial_value: ModuleClass | None, values: AsyncIterator[ModuleClass | None]
    ) -> AsyncIterator[ModuleClass | None]:
        yield initial_value
        async for each in values:
            yield each
