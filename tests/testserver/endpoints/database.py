"""Rows of the database: created, found, changed, deleted; transactions; tasks that write later."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from serverpod_test.models import (
    ObjectWithByteData,
    ObjectWithEnum,
    ObjectWithEnumEnhanced,
    ObjectWithObject,
    SimpleData,
    SimpleDataList,
    Types,
)

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from tasks.scheduling import aschedule
from tests.testserver import tasks
from tests.testserver.faults import NoSuchRow, TooMany

MAX_ROWS = 100_000
MAX_DELAY_SECONDS = 86_400
"""Maximum rows of one call."""


class BasicDatabaseEndpoint(Endpoint):
    # Rows with a number

    def create_simple_test_data(self, call: Call, num_rows: int) -> None:
        """Rows numbered from 0 on, MAX_ROWS at most."""
        if num_rows > MAX_ROWS:
            raise TooMany(limit=MAX_ROWS)
        SimpleData.objects.bulk_create(SimpleData(num=number) for number in range(num_rows))

    def delete_all_simple_test_data(self, call: Call) -> None:
        SimpleData.objects.all().delete()

    def delete_simple_test_data_less_than(self, call: Call, num: int) -> None:
        SimpleData.objects.filter(num__lt=num).delete()

    def find_and_delete_simple_test_data(self, call: Call, num: int) -> None:
        """Delete the first row of this number."""
        if found := SimpleData.objects.filter(num=num).order_by("id").first():
            found.delete()

    def delete_all(self, call: Call) -> int:
        """Delete these rows. Returns their number."""
        count, _ = SimpleData.objects.all().delete()
        return count

    async def insert_row_simple_data(self, call: Call, simple_data: SimpleData) -> SimpleData:
        await simple_data.asave(force_insert=True)
        return simple_data

    async def update_row_simple_data(self, call: Call, simple_data: SimpleData) -> SimpleData:
        if not await SimpleData.objects.filter(pk=simple_data.pk).aupdate(num=simple_data.num):
            raise NoSuchRow
        return simple_data

    async def delete_row_simple_data(self, call: Call, simple_data: SimpleData) -> int:
        """Delete a row. Returns its id."""
        deleted = simple_data.pk
        count, _ = await SimpleData.objects.filter(pk=deleted).adelete()
        if not count:
            raise NoSuchRow
        return deleted

    def delete_where_simple_data(self, call: Call) -> list[int]:
        """The ids of all rows, which go."""
        with transaction.atomic():
            ids = list(SimpleData.objects.select_for_update().order_by("id").values_list("id", flat=True))
            SimpleData.objects.filter(id__in=ids).delete()
        return ids

    async def find_by_id_simple_data(self, call: Call, id: int) -> SimpleData | None:
        return await SimpleData.objects.filter(id=id).afirst()

    async def find_first_row_simple_data(self, call: Call, num: int) -> SimpleData | None:
        return await SimpleData.objects.filter(num=num).order_by("id").afirst()

    async def find_simple_data(self, call: Call, *, limit: int, offset: int) -> list[SimpleData]:
        return [each async for each in SimpleData.objects.order_by("id")[_page(offset, limit)]]

    async def find_simple_data_rows_less_than(
        self, call: Call, num: int, offset: int, limit: int, descending: bool
    ) -> SimpleDataList | None:
        rows = SimpleData.objects.filter(num__lt=num).order_by("-num" if descending else "num")
        return SimpleDataList(rows=[each async for each in rows[_page(offset, limit)]])

    async def count_simple_data(self, call: Call) -> int:
        return await SimpleData.objects.acount()

    # Rows with every type

    async def insert_types(self, call: Call, value: Types) -> Types:
        await value.asave(force_insert=True)
        return await Types.objects.aget(pk=value.pk)

    async def update_types(self, call: Call, value: Types) -> Types:
        if not await Types.objects.filter(pk=value.pk).aexists():
            raise NoSuchRow
        await value.asave(force_update=True)
        return await Types.objects.aget(pk=value.pk)

    async def get_types(self, call: Call, id: int) -> Types | None:
        return await Types.objects.filter(id=id).afirst()

    def get_types_raw_query(self, call: Call, id: int) -> int | None:
        """The id again, by SQL."""
        with connection.cursor() as cursor:
            cursor.execute('SELECT "id" FROM "types" WHERE "id" = %s', [id])
            row = cursor.fetchone()
        return row[0] if row else None

    async def count_types_rows(self, call: Call) -> int | None:
        return await Types.objects.acount()

    def delete_all_in_types(self, call: Call) -> list[int]:
        """The ids of all rows, which go."""
        ids = list(Types.objects.order_by("id").values_list("id", flat=True))
        Types.objects.filter(id__in=ids).delete()
        return ids

    # Rows with enums, objects and bytes

    async def store_object_with_enum(self, call: Call, object: ObjectWithEnum) -> ObjectWithEnum:
        await object.asave(force_insert=True)
        return object

    async def get_object_with_enum(self, call: Call, id: int) -> ObjectWithEnum | None:
        return await ObjectWithEnum.objects.filter(id=id).afirst()

    async def store_object_with_enum_enhanced(
        self, call: Call, object: ObjectWithEnumEnhanced
    ) -> ObjectWithEnumEnhanced:
        await object.asave(force_insert=True)
        return object

    async def get_object_with_enum_enhanced(self, call: Call, id: int) -> ObjectWithEnumEnhanced | None:
        return await ObjectWithEnumEnhanced.objects.filter(id=id).afirst()

    async def store_object_with_object(self, call: Call, object: ObjectWithObject) -> ObjectWithObject:
        await object.asave(force_insert=True)
        return object

    async def get_object_with_object(self, call: Call, id: int) -> ObjectWithObject | None:
        return await ObjectWithObject.objects.filter(id=id).afirst()

    async def test_byte_data_store(self, call: Call) -> bool:
        """Return whether all bytes come back from the database."""
        given = bytes(range(256))
        stored = await ObjectWithByteData.objects.acreate(byte_data=given)
        found = await ObjectWithByteData.objects.aget(pk=stored.pk)
        return bytes(found.byte_data) == given


class TransactionsDatabaseEndpoint(Endpoint):
    def remove_row(self, call: Call, num: int) -> None:
        with transaction.atomic():
            SimpleData.objects.filter(num=num).delete()

    def update_insert_delete(self, call: Call, num_update: int, num_insert: int, num_delete: int) -> bool:
        """In one transaction: give the row `num_update` the number 1000, insert `num_insert`, delete `num_delete`."""
        with transaction.atomic():
            row = SimpleData.objects.select_for_update().filter(num=num_update).first()
            if row is None:
                raise NoSuchRow
            row.num = 1000
            row.save()
            SimpleData.objects.create(num=num_insert)
            count, _ = SimpleData.objects.filter(num=num_delete).delete()
            if not count:
                raise NoSuchRow
        return True


FUTURE_CALL = timedelta(seconds=1)


class AsyncTasksEndpoint(Endpoint):
    """Work that continues after the answer: here in a worker, so that a restart does not lose it."""

    async def insert_row_to_simple_data_after_delay(self, call: Call, num: int, seconds: int) -> None:
        await aschedule(tasks.store, after=_delay(seconds), number=num)

    async def throw_exception_after_delay(self, call: Call, seconds: int) -> None:
        await aschedule(tasks.fail, after=_delay(seconds))


class TestFutureCallsEndpoint(Endpoint):
    """Work for a worker."""

    async def make_future_call(self, call: Call, data: SimpleData | None) -> None:
        await aschedule(tasks.note, after=FUTURE_CALL, data=data)

    async def make_future_call_that_throws(self, call: Call, data: SimpleData | None) -> None:
        await aschedule(tasks.note_and_fail, after=FUTURE_CALL, data=data)


def _delay(seconds: int) -> timedelta:
    if seconds > MAX_DELAY_SECONDS:
        raise TooMany(limit=MAX_DELAY_SECONDS)
    return timedelta(seconds=seconds)


def _page(offset: int, limit: int) -> slice:
    """Nothing below zero: Django refuses it."""
    first = max(0, offset)
    return slice(first, first + max(0, limit))
