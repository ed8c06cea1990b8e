"""Round trips of sets of all kinds."""

from __future__ import annotations

from datetime import datetime, timedelta

from serverpod_test.models import SimpleData

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.wire.types import SetAsList


class SetParametersEndpoint(Endpoint):
    """Sets of values, of nulls and of containers."""

    async def return_bool_set(self, call: Call, set: set[bool]) -> set[bool]:
        return set

    async def return_bool_set_nullable_bools(self, call: Call, set: set[bool | None]) -> set[bool | None]:
        return set

    async def return_byte_data_set(self, call: Call, set: SetAsList[bytes]) -> SetAsList[bytes]:
        return set

    async def return_byte_data_set_nullable_byte_datas(
        self, call: Call, set: SetAsList[bytes | None]
    ) -> SetAsList[bytes | None]:
        return set

    async def return_date_time_set(self, call: Call, set: set[datetime]) -> set[datetime]:
        return set

    async def return_date_time_set_nullable_date_times(
        self, call: Call, set: set[datetime | None]
    ) -> set[datetime | None]:
        return set

    async def return_double_set(self, call: Call, set: set[float]) -> set[float]:
        return set

    async def return_double_set_nullable_doubles(
        self, call: Call, set: set[float | None]
    ) -> set[float | None]:
        return set

    async def return_duration_set(self, call: Call, set: set[timedelta]) -> set[timedelta]:
        return set

    async def return_duration_set_nullable_durations(
        self, call: Call, set: set[timedelta | None]
    ) -> set[timedelta | None]:
        return set

    async def return_int_list_set(self, call: Call, set: SetAsList[list[int]]) -> SetAsList[list[int]]:
        return set

    async def return_int_set(self, call: Call, set: set[int]) -> set[int]:
        return set

    async def return_int_set_nullable(self, call: Call, set: set[int] | None) -> set[int] | None:
        return set

    async def return_int_set_nullable_ints(self, call: Call, set: set[int | None]) -> set[int | None]:
        return set

    async def return_int_set_nullable_set(
        self, call: Call, set: SetAsList[set[int] | None]
    ) -> SetAsList[set[int] | None]:
        return set

    async def return_int_set_set(self, call: Call, set: SetAsList[set[int]]) -> SetAsList[set[int]]:
        return set

    async def return_int_set_set_nullable(
        self, call: Call, set: SetAsList[set[int]] | None
    ) -> SetAsList[set[int]] | None:
        return set

    async def return_nullable_int_set_nullable_ints(
        self, call: Call, set: set[int | None] | None
    ) -> set[int | None] | None:
        return set

    async def return_simple_data_set(self, call: Call, set: SetAsList[SimpleData]) -> SetAsList[SimpleData]:
        return set

    async def return_simple_data_set_nullable_simple_data(
        self, call: Call, set: SetAsList[SimpleData | None]
    ) -> SetAsList[SimpleData | None]:
        return set

    async def return_string_set(self, call: Call, set: set[str]) -> set[str]:
        return set

    async def return_string_set_nullable_strings(self, call: Call, set: set[str | None]) -> set[str | None]:
        return set
