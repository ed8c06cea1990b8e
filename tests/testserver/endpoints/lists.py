"""Round trips of lists of all kinds."""

from __future__ import annotations

from datetime import datetime, timedelta

from serverpod_test.models import SimpleData

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint


class ListParametersEndpoint(Endpoint):
    """Lists of values, of nulls and of lists."""

    async def return_bool_list(self, call: Call, list: list[bool]) -> list[bool]:
        return list

    async def return_bool_list_nullable_bools(self, call: Call, list: list[bool | None]) -> list[bool | None]:
        return list

    async def return_byte_data_list(self, call: Call, list: list[bytes]) -> list[bytes]:
        return list

    async def return_byte_data_list_nullable_byte_datas(
        self, call: Call, list: list[bytes | None]
    ) -> list[bytes | None]:
        return list

    async def return_date_time_list(self, call: Call, list: list[datetime]) -> list[datetime]:
        return list

    async def return_date_time_list_nullable_date_times(
        self, call: Call, list: list[datetime | None]
    ) -> list[datetime | None]:
        return list

    async def return_double_list(self, call: Call, list: list[float]) -> list[float]:
        return list

    async def return_double_list_nullable_doubles(
        self, call: Call, list: list[float | None]
    ) -> list[float | None]:
        return list

    async def return_duration_list(self, call: Call, list: list[timedelta]) -> list[timedelta]:
        return list

    async def return_duration_list_nullable_durations(
        self, call: Call, list: list[timedelta | None]
    ) -> list[timedelta | None]:
        return list

    async def return_int_list(self, call: Call, list: list[int]) -> list[int]:
        return list

    async def return_int_list_list(self, call: Call, list: list[list[int]]) -> list[list[int]]:
        return list

    async def return_int_list_list_nullable(
        self, call: Call, list: list[list[int]] | None
    ) -> list[list[int]] | None:
        return list

    async def return_int_list_nullable(self, call: Call, list: list[int] | None) -> list[int] | None:
        return list

    async def return_int_list_nullable_ints(self, call: Call, list: list[int | None]) -> list[int | None]:
        return list

    async def return_int_list_nullable_list(
        self, call: Call, list: list[list[int] | None]
    ) -> list[list[int] | None]:
        return list

    async def return_nullable_int_list_nullable_ints(
        self, call: Call, list: list[int | None] | None
    ) -> list[int | None] | None:
        return list

    async def return_nullable_simple_data_list_nullable_simple_data(
        self, call: Call, list: list[SimpleData | None] | None
    ) -> list[SimpleData | None] | None:
        return list

    async def return_simple_data_list(self, call: Call, list: list[SimpleData]) -> list[SimpleData]:
        return list

    async def return_simple_data_list_nullable(
        self, call: Call, list: list[SimpleData] | None
    ) -> list[SimpleData] | None:
        return list

    async def return_simple_data_list_nullable_simple_data(
        self, call: Call, list: list[SimpleData | None]
    ) -> list[SimpleData | None]:
        return list

    async def return_string_list(self, call: Call, list: list[str]) -> list[str]:
        return list

    async def return_string_list_nullable_strings(
        self, call: Call, list: list[str | None]
    ) -> list[str | None]:
        return list
