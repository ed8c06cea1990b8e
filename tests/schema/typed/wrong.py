"""Queries and access rules that a type checker refuses: lines that end in a comment "wrong", and no other."""

from __future__ import annotations

from podium.access import Me, Rules, SignedIn, through
from tests.access.teams.models import TeamNote, TeamNotebook
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
Book.objects.filter(author__contract__termz="a")  # wrong
Book.objects.filter(author__contract__terms__icontains="a")  # wrong
author = Author.objects.get(name="a")
author.books.filter(titel="a")  # wrong
author.nam = "b"  # wrong
author.name = 5  # wrong


class NotebookRules(Rules[TeamNotebook]):
    read = TeamNotebook.Q(onwer_id=Me)  # wrong
    create = TeamNotebook.Q(public="yes") | SignedIn  # wrong
    update = SignedIn & TeamNotebook.Q(members__user_id=1)  # wrong
    delete = "everyone"  # wrong


class NoteRules(Rules[TeamNote]):
    read = TeamNote.Q(owner_id=Me) | through("notebook") | TeamNote.Q(notebook__membres__user_id=Me)  # wrong
    create = TeamNote.Q(owner__team=Me)  # wrong
    update = ~TeamNote.Q(notebook__team__active="yes")  # wrong
    delete = TeamNote.Q(color__contians="red")  # wrong


async def later() -> None:
    await Book.objects.aget(titel="a")  # wrong
