"""Round trips of maps with keys and values of every kind."""

from __future__ import annotations

from datetime import datetime, timedelta

from serverpod_test.models import SimpleData, TestEnum

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.wire.types import MapAsPairs


class MapParametersEndpoint(Endpoint):
    """Maps of values, of nulls and of maps."""

    async def return_bool_map(self, call: Call, map: dict[str, bool]) -> dict[str, bool]:
        return map

    async def return_bool_map_nullable_bools(
        self, call: Call, map: dict[str, bool | None]
    ) -> dict[str, bool | None]:
        return map

    async def return_byte_data_map(self, call: Call, map: dict[str, bytes]) -> dict[str, bytes]:
        return map

    async def return_byte_data_map_nullable_byte_datas(
        self, call: Call, map: dict[str, bytes | None]
    ) -> dict[str, bytes | None]:
        return map

    async def return_date_time_bool_map(self, call: Call, map: dict[datetime, bool]) -> dict[datetime, bool]:
        return map

    async def return_date_time_bool_map_nullable(
        self, call: Call, map: dict[datetime, bool] | None
    ) -> dict[datetime, bool] | None:
        return map

    async def return_date_time_map(self, call: Call, map: dict[str, datetime]) -> dict[str, datetime]:
        return map

    async def return_date_time_map_nullable_date_times(
        self, call: Call, map: dict[str, datetime | None]
    ) -> dict[str, datetime | None]:
        return map

    async def return_deeply_nested_non_string_keyed_map_inside_record_inside_map(
        self, call: Call, map: dict[str, tuple[dict[int, int]]]
    ) -> dict[str, tuple[dict[int, int]]]:
        return map

    async def return_double_map(self, call: Call, map: dict[str, float]) -> dict[str, float]:
        return map

    async def return_double_map_nullable_doubles(
        self, call: Call, map: dict[str, float | None]
    ) -> dict[str, float | None]:
        return map

    async def return_duration_map(self, call: Call, map: dict[str, timedelta]) -> dict[str, timedelta]:
        return map

    async def return_duration_map_nullable_durations(
        self, call: Call, map: dict[str, timedelta | None]
    ) -> dict[str, timedelta | None]:
        return map

    async def return_enum_int_map(self, call: Call, map: dict[TestEnum, int]) -> dict[TestEnum, int]:
        return map

    async def return_enum_map(self, call: Call, map: dict[str, TestEnum]) -> dict[str, TestEnum]:
        return map

    async def return_int_int_map(self, call: Call, map: dict[int, int]) -> dict[int, int]:
        return map

    async def return_int_map(self, call: Call, map: dict[str, int]) -> dict[str, int]:
        return map

    async def return_int_map_nullable(self, call: Call, map: dict[str, int] | None) -> dict[str, int] | None:
        return map

    async def return_int_map_nullable_ints(
        self, call: Call, map: dict[str, int | None]
    ) -> dict[str, int | None]:
        return map

    async def return_int_string_map(self, call: Call, map: dict[int, str]) -> dict[int, str]:
        return map

    async def return_int_string_map_nullable(
        self, call: Call, map: dict[int, str] | None
    ) -> dict[int, str] | None:
        return map

    async def return_nested_int_int_map(
        self, call: Call, map: dict[str, dict[int, int]]
    ) -> dict[str, dict[int, int]]:
        return map

    async def return_nested_int_map(
        self, call: Call, map: dict[str, dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        return map

    async def return_nested_non_string_keyed_map_inside_record_inside_map(
        self, call: Call, map: MapAsPairs[tuple[dict[int, str], str], str]
    ) -> MapAsPairs[tuple[dict[int, str], str], str]:
        return map

    async def return_nullable_int_map_nullable_ints(
        self, call: Call, map: dict[str, int | None] | None
    ) -> dict[str, int | None] | None:
        return map

    async def return_nullable_simple_data_map_nullable_simple_data(
        self, call: Call, map: dict[str, SimpleData | None] | None
    ) -> dict[str, SimpleData | None] | None:
        return map

    async def return_simple_data_map(self, call: Call, map: dict[str, SimpleData]) -> dict[str, SimpleData]:
        return map

    async def return_simple_data_map_nullable(
        self, call: Call, map: dict[str, SimpleData] | None
    ) -> dict[str, SimpleData] | None:
        return map

    async def return_simple_data_map_nullable_simple_data(
        self, call: Call, map: dict[str, SimpleData | None]
    ) -> dict[str, SimpleData | None]:
        return map

    async def return_string_map(self, call: Call, map: dict[str, str]) -> dict[str, str]:
        return map

    async def return_string_map_nullable_strings(
        self, call: Call, map: dict[str, str | None]
    ) -> dict[str, str | None]:
        return map
