"""Methods, managers and options that the library adds to its generated classes in mixins.py."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError

from tests.database.library.models import Author, Book, Circle, Genre, LibraryClosedException


@pytest.fixture
def author(db):
    return Author.objects.create(name="Ursula")


def test_methods(author):
    assert str(author) == "Ursula"
    assert Book(title="Planet of Exile", author=author, price=7.5).label() == "Planet of Exile (7.50)"
    assert Circle(name="c", radius=1).describe() == "a circle named c"
    assert Genre.NOVEL.shout() == "GENRE.NOVEL!"
    until = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
    assert LibraryClosedException(until=until).for_hours(until - datetime.timedelta(hours=2)) == 2


def test_a_query_set_chains_from_the_manager_and_from_related_objects(author):
    for title, price in (("b", 5), ("a", 6), ("c", 60)):
        Book.objects.create(title=title, author=author, price=price)
    assert [book.title for book in Book.objects.cheap()] == ["a", "b"]
    assert [book.title for book in author.books.filter(price__gt=1).cheap(5)] == ["b"]


def test_options_of_meta_are_added_to_the_generated_ones(author):
    assert (Book._meta.verbose_name, Book._meta.db_table) == ("volume", "book")
    with pytest.raises(IntegrityError, match="book_price_is_not_negative"):
        Book.objects.create(title="x", author=author, price=-1)
