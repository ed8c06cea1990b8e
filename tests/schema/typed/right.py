"""Queries and access rules that a type checker accepts."""

from __future__ import annotations

import datetime
import uuid
from typing import assert_type

from django.db.models import F, Q

from podium.access import Everyone, Me, Rules, Scope, SignedIn, through
from tests.access.teams.models import TeamNote, TeamNotebook
from tests.database.library.protocol import Author, Book, Genre, Specimen

when = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
book = Book.objects.get(title="a", author__name__icontains="b", price__range=(1.0, 2.0))
assert_type(book, Book)
assert_type(book.title, str)
assert_type(book.price, float | None)
assert_type(book.genre, Genre)
assert_type(book.author, Author)
assert_type(book.author_id, int)
assert_type(book.series_id, uuid.UUID | None)
assert_type(Book.objects.filter(genre__in=[Genre.NOVEL], sequel_to=None).first(), Book | None)
assert_type(Book.objects.exclude(Q(title="a") | Q(title="b"), price__gt=F("id")).get(), Book)
Book.objects.cheap(5).filter(title="a").cheap().order_by("-author__name", "?", F("price").desc())
Book.objects.select_related("author", "author__contract").values_list("title", flat=True)
Book.objects.prefetch_related("chapters", "author__books").only("title").defer("price")
Book.objects.filter(pk=1).update(title="a", price=F("price") + 1)
Book.objects.create(title="a", author=Author(name="b"))
Specimen.objects.filter(moment__date__gte=when.date(), moment__year=2026, key="a-b", texts__contains=["a"])
author = Author.objects.get(books__title="a")
author.books.filter(title="a").update(price=1)
author.books.add(book)
book.price = F("price") + 1
Book.objects.filter(author__contract__terms=F("title"), sequel_to__series=None, sequel_to__author__name="a")
Book.objects.filter(Book.Q(title="a") | ~Book.Q(author__name__icontains="b") & Q(pk=1), price=1)
assert_type(Book.Q(title="a") | Book.Q(Q(title="b"), price__gt=1) & Author.Q(name="a"), Q)


class NotebookRules(Rules[TeamNotebook]):
    read = TeamNotebook.Q(owner_id=Me) | TeamNotebook.Q(members__user_id=Me, members__may_write=True)
    create = SignedIn
    update = delete = TeamNotebook.Q(owner_id=Me) & ~TeamNotebook.Q(public=True)
    fill = {"owner_id": Me}


class NoteRules(Rules[TeamNote]):
    read = TeamNote.Q(owner_id=Me) | through("notebook") | Scope("moderator") & ~TeamNote.Q(color="red")
    create = TeamNote.Q(owner_id=Me, notebook=None) | TeamNote.Q(
        notebook__members__user_id=Me, notebook__members__may_write=True, notebook__team=None
    )
    update = SignedIn & TeamNote.Q(owner_id=F("editor_id"), color__in=["red"], title__startswith=F("color"))
    delete = ~(Everyone & TeamNote.Q(reminded=Me)) | Q(notebook__team__members__user_id=Me)


async def later() -> None:
    assert_type(await Book.objects.aget(id=1), Book)
    assert_type([each async for each in Book.objects.filter(id__in=[1, 2])[:5]], list[Book])
