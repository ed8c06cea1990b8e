"""Foreign keys of model files: the database's actions when a parent is deleted, and their effect in Django."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tests.database.library.models import Author, Book, Chapter, Contract, Series, Shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return Author.objects.create(name="Ursula")


@pytest.fixture
def book(author):
    series = Series.objects.create(title="Hainish")
    shelf = Shelf.objects.create(place="Third from the left")
    return Book.objects.create(title="Rocannon's World", author=author, series=series, shelf=shelf)


def constraints(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = %s::regclass ORDER BY conname",
            [table],
        )
        return dict(cursor.fetchall())


def test_the_database_has_the_keys_of_the_model_file_and_no_others():
    assert constraints("book") == {
        "book_fk_0": 'FOREIGN KEY ("authorId") REFERENCES author(id) ON DELETE CASCADE',
        "book_fk_1": 'FOREIGN KEY ("seriesId") REFERENCES series(id) ON DELETE SET NULL',
        "book_fk_2": 'FOREIGN KEY ("shelfId") REFERENCES shelf(id) ON DELETE RESTRICT',
        "book_fk_3": 'FOREIGN KEY ("sequelToId") REFERENCES book(id) DEFERRABLE INITIALLY DEFERRED',
    }


def test_deleting_a_parent_cascades_in_the_database(author, book):
    count, _ = author.delete()
    assert count == 1  # Django counts what it deletes itself
    assert not Book.objects.exists()


def test_deleting_a_parent_sets_null(book):
    book.series.delete()
    book.refresh_from_db()
    assert book.series_id is None


def test_deleting_a_parent_that_is_restricted_is_refused(book):
    with pytest.raises(IntegrityError, match="book_fk_2"), transaction.atomic():
        book.shelf.delete()
    assert Shelf.objects.count() == 1


def test_deleting_many_parents_does_the_same(author, book):
    Author.objects.all().delete()
    assert not Book.objects.exists()


def test_a_deferred_key_is_checked_at_the_end_of_the_transaction(author):
    with pytest.raises(IntegrityError, match="book_fk_3"), transaction.atomic():
        Book.objects.create(title="Sequel", author=author, sequel_to_id=10**12)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_key_without_a_parent_is_refused_by_the_database_and_by_forms(author):
    with pytest.raises(IntegrityError, match="book_fk_1"), transaction.atomic():
        Book.objects.create(title="?", author=author, series_id=uuid.uuid4())
    with pytest.raises(ValidationError, match="not a valid choice"):
        Book(title="?", author=author, series_id=uuid.uuid4()).full_clean()


def test_a_key_without_an_object_keeps_its_name_on_the_instance(author):
    shelf = Shelf.objects.create(place="Top")
    book = Book.objects.create(title="Dune", author=author, shelf_id=shelf.id)
    assert Book.objects.get(shelf_id=shelf.id).shelf == shelf
    assert book.shelf_id == shelf.id


def test_lists_are_read_from_the_other_side(author, book):
    chapter = Chapter.objects.create(title="Prologue", book_chapters_book=book)
    assert list(author.books.all()) == [book]
    assert list(book.chapters.all()) == [chapter]


def test_one_to_one_is_single_on_both_sides_and_unique(author):
    contract = Contract.objects.create()
    author.contract = contract
    author.save()
    assert Contract.objects.get().signed_by == author
    with pytest.raises(IntegrityError, match="author_contract_unique_idx"), transaction.atomic():
        Author.objects.create(name="Someone else", contract=contract)


def test_the_database_makes_uuids_of_version_7_and_numbers():
    first, second = Contract.objects.create().id, Contract.objects.create().id
    assert first and second and (first.version, second.version) == (7, 7)
    assert first.variant == uuid.RFC_4122
    series = Series.objects.create(title="").id
    assert series and series.version == 4
    first_number, second_number = (Chapter.objects.create(title="").number for _ in range(2))
    assert first_number and second_number == first_number + 1


def test_indexes_are_those_of_the_model_file():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename IN ('book', 'specimen', 'author')")
        names = {name for (name,) in cursor.fetchall()}
    assert names == {
        "book_pkey",
        "author_pkey",
        "specimen_pkey",
        "author_contract_unique_idx",
        "specimen_counts_which_has_a_name_of_more_than_thirty_idx",
    }
