"""Reads on the event loop return the same as Django: every case is read both ways. Django reads all others."""

from __future__ import annotations

import asyncio
import datetime
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import FieldError
from django.db import OperationalError, connection, connections, models, transaction
from django.db.models import Q

from podium.core import observe
from podium.endpoints import threads
from podium.endpoints.threads import SerialExecutor
from podium.reads import fast as reads
from podium.reads import pool, statements
from podium.reads.queries import QuerySet
from tests.database.library.models import Author, Book, Chapter, Contract, Genre, Mood, Specimen

pytestmark = pytest.mark.django_db(transaction=True)

MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.UTC)


@pytest.fixture
def books() -> list[Book]:
    contract = Contract.objects.create(terms="all")
    ursula = Author.objects.create(name="Ursula", contract=contract)
    octavia = Author.objects.create(name="Octavia % _ \\")
    made = [
        Book.objects.create(title=f"Book {number}", author=(ursula, octavia)[number % 2], price=number / 2)
        for number in range(6)
    ]
    Book.objects.filter(id=made[2].id).update(genre=Genre.REFERENCE, mood=Mood.CALM, price=None)
    Book.objects.filter(id=made[3].id).update(sequel_to=made[2], check_field=True)
    Chapter.objects.create(title="One", book_chapters_book=made[0])
    Specimen.objects.create(
        number=2**40, ratio=0.5, flag=True, words="wö'rd", moment=MOMENT, span=datetime.timedelta(seconds=3),
        key=uuid.UUID(int=7), address="https://a.b/c", large=10**30, bytes_field=b"\x00\xff", mood=Mood.CALM,
        texts=["a"], counts={"a": 1}, anything={"b": [1, None]},
    )  # fmt: skip
    return made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SQL of reads on the loop."""
    run, found = reads.run, []

    async def noting(plan: reads.Plan, parameters: list[Any]) -> Any:
        found.append(plan.sql)
        return await run(plan, parameters)

    monkeypatch.setattr(reads, "run", noting)
    yield found


def in_a_call(function: Callable[[], Any]) -> Any:
    """Run an async function like a method of an endpoint."""

    async def call() -> Any:
        reads.start()
        executor = SerialExecutor()
        executor.enter()
        try:
            return await function()
        finally:
            executor.leave()
            await reads.stop()

    return asyncio.run(call())


def values(objects: list[models.Model]) -> list[dict[str, Any]]:
    """All values of objects, including those of loaded related objects."""
    return [
        {each.attname: getattr(one, each.attname) for each in one._meta.concrete_fields}
        | {
            each.name: values([getattr(one, each.name)])
            for each in one._meta.concrete_fields
            if one._state.fields_cache.get(each.name) is not None
        }
        | {"_state": (one._state.db, one._state.adding)}
        for one in objects
    ]


CASES: dict[str, Callable[[Any], Any]] = {
    "by key": lambda books: books.filter(pk=3),
    "two filters": lambda books: books.filter(title="Book 2").filter(author__name="Ursula"),
    "many at once": lambda books: books.filter(price__gte=1, price__lt=2.5, title__startswith="Book"),
    "null": lambda books: books.filter(price=None),
    "not null": lambda books: books.filter(price__isnull=False),
    "a list": lambda books: books.filter(title__in=["Book 1", "Book 3", "Book 3"]),
    "a list of enums": lambda books: books.filter(genre__in=[Genre.REFERENCE, Genre.NOVEL]),
    "an enum by index": lambda books: books.filter(genre=Genre.REFERENCE),
    "an enum by name": lambda books: books.filter(mood=Mood.CALM),
    "a truth": lambda books: books.filter(check_field=True),
    "no truth": lambda books: books.filter(check_field=False),
    "a range": lambda books: books.filter(price__range=(0.5, 1.5)),
    "text with wildcards": lambda books: books.filter(author__name__contains="% _ \\"),
    "text without case": lambda books: books.filter(title__icontains="BOOK 4"),
    "a pattern": lambda books: books.filter(title__regex=r"[12]$"),
    "ordered": lambda books: books.order_by("-price", "title"),
    "ordered by a relation": lambda books: books.order_by("author__name", "-id"),
    "a slice": lambda books: books.order_by("id")[1:4],
    "the first ones": lambda books: books.filter(price__gt=0).order_by("id")[:2],
    "with its parent": lambda books: books.select_related("author"),
    "with its parents": lambda books: books.select_related("author__contract", "sequel_to").order_by("id"),
    "all": lambda books: books.all(),
    "nothing": lambda books: books.filter(title="none"),
}


@pytest.mark.parametrize("case", CASES)
def test_objects_are_those_that_django_reads(case: str, books: list[Book], quick: list[str]) -> None:
    expected = values(list(CASES[case](models.QuerySet(Book))))

    async def both() -> list[Any]:
        return [values([each async for each in CASES[case](Book.objects)]) for _ in range(2)]

    assert in_a_call(both) == [expected, expected]
    assert len(quick) == 2


@pytest.mark.parametrize("case", CASES)
def test_sync_code_reads_the_same(
    case: str, books: list[Book], django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = values(list(CASES[case](models.QuerySet(Book))))
    list(CASES[case](Book.objects))
    monkeypatch.setattr(QuerySet, "_build", None)  # Django's query is not needed
    with django_assert_num_queries(1):
        assert values(list(CASES[case](Book.objects))) == expected


def test_sync_code_gets_one_object_in_its_transaction(
    books: list[Book], django_assert_num_queries: Any
) -> None:
    with transaction.atomic():
        Book.objects.filter(title="Book 1").update(title="new")
        for number in (2, 3):
            with django_assert_num_queries(1):
                assert Book.objects.select_related("author").get(title=f"Book {number}").author.name
        assert Book.objects.get(title="new").title == "new"
        transaction.set_rollback(True)
    with pytest.raises(Book.DoesNotExist, match="Book matching query does not exist"):
        Book.objects.get(title="new")
    with pytest.raises(Book.MultipleObjectsReturned, match="it returned 6"):
        Book.objects.get(title__startswith="Book")


@pytest.mark.parametrize("mode", ["fast", "orm"])
def test_the_switch_passes_all_reads_to_django(
    books: list[Book], quick: list[str], settings: Any, mode: str
) -> None:
    settings.READS = mode

    async def read() -> list[str]:
        return [book.title async for book in Book.objects.filter(title__startswith="Book").order_by("title")]

    assert in_a_call(read) == [f"Book {number}" for number in range(6)]
    assert bool(quick) is (mode == "fast")
    assert bool(Book.objects.filter(title="Book 1")._steps) is (mode == "fast")


def test_every_type_of_column(books: list[Book], quick: list[str]) -> None:
    expected = values(list(models.QuerySet(Specimen)))

    async def read() -> Any:
        return values(
            [
                each
                async for each in Specimen.objects.filter(
                    moment=MOMENT, key=str(uuid.UUID(int=7)), large=10**30, span=datetime.timedelta(seconds=3)
                )
            ]
        )

    assert in_a_call(read) == expected
    assert len(quick) == 1
    assert values(list(Specimen.objects.filter(key=uuid.UUID(int=7)))) == expected


def test_other_values_of_the_same_shape(books: list[Book], quick: list[str]) -> None:
    async def read() -> list[str]:
        return [(await Book.objects.aget(title=f"Book {number}")).title for number in (1, 2, 3)]

    assert in_a_call(read) == ["Book 1", "Book 2", "Book 3"]
    assert len(quick) == 3
    assert len(set(quick)) == 1


def test_a_number_that_the_column_cant_hold(books: list[Book], quick: list[str]) -> None:
    async def read() -> list[int]:
        asked: list[dict[str, Any]] = [
            {"number": 2**40},
            {"number": 2**70},
            {"number__lt": 2**50},
            {"number__lt": 2**70},
        ]
        return [len([each async for each in Specimen.objects.filter(**one)]) for one in asked]

    assert in_a_call(read) == [1, 0, 1, 1]
    assert len(quick) == 2


def test_numbers_for_truth_values_and_lists_of_one(books: list[Book], quick: list[str]) -> None:
    async def read() -> list[int]:
        asked: list[dict[str, Any]] = [{"check_field": value} for value in (1, 0, True, False)]
        asked += [{"check_field__in": [True]}, {"title__in": ["Book 1"]}]
        return [len([each async for each in Book.objects.filter(**one)]) for one in asked]

    assert in_a_call(read) == [1, 5, 1, 5, 1, 1]


def test_one_object(books: list[Book], quick: list[str]) -> None:
    async def read() -> None:
        assert (await Book.objects.select_related("author").aget(pk=books[1].pk)).author.name.startswith(
            "Octavia"
        )
        first, last = (
            await Book.objects.filter(price__gt=0).afirst(),
            await Book.objects.order_by("-title").afirst(),
        )
        assert first and first.title == "Book 1"
        assert last and last.title == "Book 5"
        assert await Book.objects.filter(title="none").afirst() is None
        assert len(quick) == 4
        with pytest.raises(Book.DoesNotExist, match="Book matching query does not exist"):
            await Book.objects.aget(title="none")
        with pytest.raises(Book.MultipleObjectsReturned, match="it returned 6"):
            await Book.objects.aget(title__startswith="Book")

    in_a_call(read)


def test_django_reads_what_does_not_fit(books: list[Book], quick: list[str]) -> None:
    async def read() -> list[Any]:
        return [
            [each.title async for each in Book.objects.filter(Q(title="Book 1") | Q(title="Book 2"))],
            [each.title async for each in Book.objects.exclude(title__contains="Book")],
            [each async for each in Book.objects.filter(title="Book 1").values_list("title", flat=True)],
            [each.title async for each in Book.objects.filter(chapters__title="One").distinct()],
            [len(each.books.all()) async for each in Author.objects.prefetch_related("books").order_by("id")],
            [each.number async for each in Specimen.objects.filter(Q(texts__0="a"))],
            [each.number async for each in Specimen.objects.filter(moment__year=2026)],
            await Book.objects.filter(price__gt=1).acount(),
        ]

    assert in_a_call(read) == [["Book 1", "Book 2"], [], ["Book 1"], ["Book 0"], [3, 3], [2**40], [2**40], 3]
    assert quick == []


def test_a_transaction_reads_what_it_wrote(books: list[Book], quick: list[str]) -> None:
    def write(atomic: transaction.Atomic) -> None:
        atomic.__enter__()
        Book.objects.filter(title="Book 1").update(title="new")

    async def read() -> list[Any]:
        atomic = transaction.atomic()
        await sync_to_async(write)(atomic)
        inside = [each.title async for each in Book.objects.filter(title="new")]
        await sync_to_async(transaction.set_rollback)(True)
        await sync_to_async(atomic.__exit__)(None, None, None)
        return [inside, [each.title async for each in Book.objects.filter(title="new")]]

    assert in_a_call(read) == [["new"], []]
    assert len(quick) == 1


def test_outside_of_a_call_django_reads(books: list[Book], quick: list[str]) -> None:
    async def read() -> str:
        try:
            return (await Book.objects.aget(title="Book 1")).title
        finally:
            await sync_to_async(connections.close_all)()  # of the thread that asgiref chose

    assert asyncio.run(read()) == "Book 1"
    assert quick == []


def test_a_field_that_is_none_is_told_at_once(books: list[Book]) -> None:
    for _ in range(2):
        with pytest.raises(FieldError, match="Cannot resolve keyword 'titel'"):
            Book.objects.filter(titel="x")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="once a slice has been taken"):
        Book.objects.order_by("id")[:3].filter(title="x")


def test_a_query_set_stays_as_it_was(books: list[Book]) -> None:
    titles = ["Book 1"]
    some = Book.objects.filter(title__in=titles)
    titles.append("Book 2")
    more = some.filter(price__gt=100)
    assert [each.title for each in some] == ["Book 1"]
    assert list(more) == []
    assert some.count() == 1
    assert (some | Book.objects.filter(title="Book 2")).count() == 2


def test_reads_are_noted_on_the_span_without_values(books: list[Book]) -> None:
    async def read() -> observe.Span:
        with observe.span("call", "x.y") as span:
            await Book.objects.aget(title="Book 1")
        return span

    span = in_a_call(read)
    assert span.query_count == 1
    assert '"book"."title" = %s' in span.queries[0].sql
    assert "Book 1" not in span.queries[0].sql


def test_a_connection_that_broke_is_replaced(books: list[Book], quick: list[str]) -> None:
    async def read() -> list[str]:
        before = (await Book.objects.aget(title="Book 1")).title
        await sync_to_async(_end_connections)()
        return [before, (await Book.objects.aget(title="Book 2")).title]

    assert in_a_call(read) == ["Book 1", "Book 2"]


def _end_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            [pool.APPLICATION_NAME],
        )


# Sync methods of a server ---------------------------------------------------------------------------------------------


def on_a_thread(function: Callable[[], Any]) -> Any:
    """Run a function like a sync method of an endpoint."""

    async def serve() -> Any:
        reads.start()
        try:
            return await threads.run(function)
        finally:
            await reads.stop()

    return asyncio.run(serve())


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SQL of reads by one call of libpq."""
    execute, found = statements.Cursor.execute, []

    def noting(cursor: statements.Cursor, sql: str, parameters: Any) -> None:
        found.append(sql)
        execute(cursor, sql, parameters)

    monkeypatch.setattr(statements.Cursor, "execute", noting)
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("prepared", [True, False])
def test_threads_of_a_server_read_the_same(
    case: str, prepared: bool, books: list[Book], sent: list[str], settings: Any
) -> None:
    settings.DATABASE_PREPARED_STATEMENTS = prepared
    expected = values(list(CASES[case](models.QuerySet(Book))))

    def read() -> list[Any]:
        return [values(list(CASES[case](Book.objects))) for _ in range(2)]

    assert on_a_thread(read) == [expected, expected]
    assert len(sent) == 2


def test_threads_of_a_server_read_every_type_of_column(books: list[Book], sent: list[str]) -> None:
    expected = values(list(models.QuerySet(Specimen)))

    def read() -> Any:
        return values(list(Specimen.objects.filter(moment=MOMENT, key=uuid.UUID(int=7), large=10**30)))

    assert on_a_thread(read) == expected
    assert len(sent) == 1


def test_threads_of_a_server_read_what_their_transaction_wrote(books: list[Book], sent: list[str]) -> None:
    def read() -> str:
        with transaction.atomic():
            Book.objects.filter(title="Book 1").update(title="new")
            found = Book.objects.get(title="new").title
            transaction.set_rollback(True)
        return found

    assert on_a_thread(read) == "new"
    assert sent == []
    with pytest.raises(Book.DoesNotExist):
        on_a_thread(lambda: Book.objects.get(title="new"))
    assert len(sent) == 1


def test_reads_on_threads_are_noted_on_the_span(books: list[Book], sent: list[str]) -> None:
    def read() -> observe.Span:
        with observe.span("call", "x.y") as span:
            Book.objects.get(title="Book 1")
        return span

    span = on_a_thread(read)
    assert [query.sql for query in span.queries] == sent
    assert "Book 1" not in sent[0]


def test_a_thread_is_told_that_its_connection_broke_and_has_another_next_time(books: list[Book]) -> None:
    def broken() -> None:
        Book.objects.get(title="Book 1")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        with connections.create_connection("default").cursor() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
            other.db.close()
        Book.objects.get(title="Book 1")

    with pytest.raises(OperationalError, match=r"terminating connection|closed the connection"):
        on_a_thread(broken)
    assert on_a_thread(lambda: Book.objects.get(title="Book 1").title) == "Book 1"


def test_a_plan_that_a_migration_made_stale_is_made_anew_on_threads() -> None:
    def changed() -> list[Any]:
        found = []
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE changing AS SELECT 1 AS a")
            quick = statements.Cursor(connection.connection)
            for statement in ("", "ALTER TABLE changing ADD b text DEFAULT 'x'", "", ""):
                if statement:
                    cursor.execute(statement)
                quick.execute("SELECT * FROM changing", [])
                found.append(quick.fetchall())
            cursor.execute("DROP TABLE changing")
        return found

    assert on_a_thread(changed) == [[(1,)], *[[(1, "x")]] * 3]
