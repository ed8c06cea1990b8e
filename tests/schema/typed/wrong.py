"""Queries that a type checker refuses: each line that ends in a comment "wrong" is an error, no other is."""

from __future__ import annotations

from tests.database.library.protocol import Author, Book, Genre

Book.objects.filter(titel="a")  # wrong
Book.objects.filter(title=5)  # wrong
Book.objects.filter(title="a").exclude(author__nam="a")  # wrong
Book.objects.filter(title="a").filter(chapters__titel="a")  # wrong
Book.objects.cheap().filter(titel="a")  # wrong
Book.objects.get(prise=1.0)  # wrong
Book.objects.order_by("titel")  # wrong
Book.objects.filter(title="a").order_by("-titel")  # wrong
Book.objects.values_list("titel")  # wrong
Book.objects.values("titel")  # wrong
Book.objects.only("titel")  # wrong
Book.objects.select_related("title")  # wrong
Book.objects.select_related("author__contrct")  # wrong
Book.objects.prefetch_related("chapter")  # wrong
Book.objects.create(titel="a")  # wrong
Book.objects.filter(pk=1).update(titel="a")  # wrong
Book.objects.filter(genre=Genre.NOVEL, mood=Genre.NOVEL)  # wrong
Author.objects.get(books__titel="a")  # wrong
author = Author.objects.get(name="a")
author.books.filter(titel="a")  # wrong
author.nam = "b"  # wrong
author.name = 5  # wrong


async def later() -> None:
    await Book.objects.aget(titel="a")  # wrong
