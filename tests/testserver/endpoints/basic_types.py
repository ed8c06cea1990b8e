"""A round trip of each basic type: in calls and in streams."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.wire.types import BigInt, Uri


class BasicTypesEndpoint(Endpoint):
    """Values that are null or not."""

    async def test_big_int(self, call: Call, value: BigInt | None) -> BigInt | None:
        return value

    async def test_bool(self, call: Call, value: bool | None) -> bool | None:
        return value

    async def test_byte_data(self, call: Call, value: bytes | None) -> bytes | None:
        return value

    async def test_date_time(self, call: Call, date_time: datetime | None) -> datetime | None:
        return date_time

    async def test_double(self, call: Call, value: float | None) -> float | None:
        return value

    async def test_duration(self, call: Call, value: timedelta | None) -> timedelta | None:
        return value

    async def test_int(self, call: Call, value: int | None) -> int | None:
        return value

    async def test_string(self, call: Call, value: str | None) -> str | None:
        return value

    async def test_uri(self, call: Call, value: Uri | None) -> Uri | None:
        return value

    async def test_uuid(self, call: Call, value: UUID | None) -> UUID | None:
        return value


class BasicTypesStreamingEndpoint(Endpoint):
    """The same in streams."""

    async def test_big_int(
        self, call: Call, value: AsyncIterator[BigInt | None]
    ) -> AsyncIterator[BigInt | None]:
        async for each in value:
            yield each

    async def test_bool(self, call: Call, value: AsyncIterator[bool | None]) -> AsyncIterator[bool | None]:
        async for each in value:
            yield each

    async def test_byte_data(
        self, call: Call, value: AsyncIterator[bytes | None]
    ) -> AsyncIterator[bytes | None]:
        async for each in value:
            yield each

    async def test_date_time(
        self, call: Call, value: AsyncIterator[datetime | None]
    ) -> AsyncIterator[datetime | None]:
        async for each in value:
            yield each

    async def test_double(
        self, call: Call, value: AsyncIterator[float | None]
    ) -> AsyncIterator[float | None]:
        async for each in value:
            yield each

    async def test_duration(
        self, call: Call, value: AsyncIterator[timedelta | None]
    ) -> AsyncIterator[timedelta | None]:
        async for each in value:
            yield each

    async def test_int(self, call: Call, value: AsyncIterator[int | None]) -> AsyncIterator[int | None]:
        async for each in value:
            yield each

    async def test_string(self, call: Call, value: AsyncIterator[str | None]) -> AsyncIterator[str | None]:
        async for each in value:
            yield each

    async def test_uri(self, call: Call, value: AsyncIterator[Uri | None]) -> AsyncIterator[Uri | None]:
        async for each in value:
            yield each

    async def test_uuid(self, call: Call, value: AsyncIterator[UUID | None]) -> AsyncIterator[UUID | None]:
        async for each in value:
            yield each
