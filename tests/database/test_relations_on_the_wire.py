"""Rows on the wire: loaded relations are sent, nothing is fetched, cycles end."""

from __future__ import annotations

import pytest

from podium.wire.codecs import codec, dumps, encode_as, encode_dynamic, loads
from podium.wire.errors import WireError
from tests.database.library.models import Author, Book, Chapter, Contract, Genre, Series

pytestmark = pytest.mark.django_db
BOOK, AUTHOR = codec("Book"), codec("Author")


@pytest.fixture
def author():
    author = Author.objects.create(name="Ursula", contract=Contract.objects.create())
    series = Series.objects.create(title="Hainish")
    for title in ("Rocannon's World", "Planet of Exile"):
        book = Book.objects.create(title=title, author=author, series=series, price=1.5)
        Chapter.objects.create(title="Prologue", book_chapters_book=book)
    return author


def test_nothing_is_fetched(author, django_assert_num_queries):
    books = list(Book.objects.order_by("id"))
    with django_assert_num_queries(0):
        written = [BOOK.encode(book) for book in books]
    assert written[0] == {
        "__className__": "Book",
        "id": books[0].id,
        "title": "Rocannon's World",
        "authorId": author.id,
        "seriesId": str(books[0].series_id),
        "genre": 0,
        "check": False,
    }


def test_loaded_relations_are_sent(author, django_assert_num_queries):
    [book, _] = (
        Book.objects.select_related("author__contract", "series").prefetch_related("chapters").order_by("id")
    )
    with django_assert_num_queries(0):
        written = BOOK.encode(book)
    assert written["author"]["name"] == "Ursula"
    assert written["author"]["contract"]["id"] == str(author.contract_id)
    assert written["series"]["title"] == "Hainish"
    assert [chapter["title"] for chapter in written["chapters"]] == ["Prologue"]
    assert all(not key.startswith("_book") for key in written["chapters"][0])


def test_a_parent_and_its_children_do_not_repeat_each_other(author):
    [found] = Author.objects.prefetch_related("books").select_related("contract")
    written = AUTHOR.encode(found)
    assert [book["title"] for book in written["books"]] == ["Planet of Exile", "Rocannon's World"]
    assert all("author" not in book for book in written["books"])
    book = Book.objects.select_related("author").prefetch_related("author__books").first()
    assert len(BOOK.encode(book)["author"]["books"]) == 2
    [contract] = Contract.objects.select_related("signed_by")
    assert "contract" not in codec("Contract").encode(contract)["signedBy"]


def test_a_queryset_is_a_list(author):
    assert len(codec("List<Book>").encode(Book.objects.all())) == 2


def test_a_partly_loaded_row_is_refused_not_fetched(author, django_assert_num_queries):
    book = Book.objects.only("title").first()
    with (
        django_assert_num_queries(0),
        pytest.raises(WireError, match="authorId: expected a field that was loaded"),
    ):
        BOOK.encode(book)


def test_an_unsaved_row_leaves_out_columns_that_the_database_fills_in():
    assert codec("Contract").encode(Contract()) == {"__className__": "Contract", "terms": "None"}
    assert codec("Chapter").encode(Chapter(title="a")) == {"__className__": "Chapter", "title": "a"}


def test_a_row_from_a_client_can_be_saved(author):
    text = dumps(
        {
            "__className__": "Book",
            "title": "Dune",
            "authorId": author.id,
            "author": {"name": "someone", "id": author.id},
            "chapters": [{"title": "One"}],
            "hint": "sand",
            "price": 99.0,
            "genre": 1,
        }
    )
    book = BOOK.decode(loads(text))
    assert (book.title, book.hint, book.price, book.genre) == ("Dune", "sand", None, Genre.REFERENCE)
    assert book.author.name == "someone"
    assert [chapter["title"] for chapter in BOOK.encode(book)["chapters"]] == ["One"]
    book.save()
    assert Book.objects.get(title="Dune").author == author
    assert Author.objects.get().name == "Ursula"


def test_an_object_sent_by_a_client_does_not_become_the_key(author):
    other = Author.objects.create(name="Stanislaw", contract=Contract.objects.create())
    series = Series.objects.get()
    book = BOOK.decode(
        {
            "title": "Dune",
            "authorId": author.id,
            "author": {"name": "someone", "id": other.id},
            "series": {"title": "someone's", "id": str(series.id)},
        }
    )
    book.save()
    stored = Book.objects.get(title="Dune")
    assert (stored.author, stored.series) == (author, None)


def test_a_column_that_the_database_fills_in_may_be_missing():
    chapter = codec("Chapter").decode({"title": "One"})
    chapter.save()
    assert chapter.number is not None
    contract = codec("Contract").decode({"terms": "x"})
    contract.save()
    made = Contract.objects.get().id
    assert made and made.version == 7


def test_rows_are_dynamic_values_too(author):
    book = Book.objects.earliest("id")
    assert encode_dynamic(book)["className"] == "Book"
    assert encode_as("List<Book>", [book])["data"][0]["title"] == book.title
