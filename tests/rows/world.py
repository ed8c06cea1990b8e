"""Rules and rows for the tests of row methods and REST: shared notebooks."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from podium.access import Caller, Me, Rules, Scope, SignedIn, through
from podium.access import rules as rule_classes
from tests.access.teams.models import Team, TeamMember, TeamNote, TeamNotebook, TeamNotebookMember

ANNA, BEN, CARL = (Caller(str(uuid.UUID(int=number))) for number in (1, 2, 3))
MODERATOR = Caller(CARL.user_id, frozenset({"moderator", "other"}))


@contextmanager
def rules() -> Iterator[None]:
    """The rules, for a block."""

    class NotebookRules(Rules[TeamNotebook]):
        read = TeamNotebook.Q(owner_id=Me) | TeamNotebook.Q(members__user_id=Me) | TeamNotebook.Q(public=True)
        create = SignedIn
        update = delete = TeamNotebook.Q(owner_id=Me)
        fill = {"owner_id": Me}
        filter = ["name", "public"]
        expand = ["members"]

    class MemberRules(Rules[TeamNotebookMember]):
        read = TeamNotebookMember.Q(user_id=Me) | TeamNotebookMember.Q(notebook__owner_id=Me)
        filter = ["notebook"]

    class NoteRules(Rules[TeamNote]):
        read = TeamNote.Q(owner_id=Me) | through("notebook") | Scope("moderator")
        create = update = TeamNote.Q(owner_id=Me, notebook=None) | TeamNote.Q(
            owner_id=Me, notebook__members__user_id=Me, notebook__members__may_write=True
        )
        delete = TeamNote.Q(owner_id=Me) | Scope("moderator")
        fill = {"owner_id": Me}
        fixed = ["reminded"]
        readable = ["title", "color", "reminded", "notebook", "owner_id"]
        filter = ["title", "color", "reminded", "notebook"]
        expand = ["notebook"]

    yield
    rule_classes.forget(TeamNotebook, TeamNotebookMember, TeamNote, Team, TeamMember)


def notebook(*members: tuple[Caller, bool], owner: Caller = ANNA, **values: Any) -> TeamNotebook:
    """Store a notebook with its members: (caller, may write)."""
    made = TeamNotebook.objects.create(owner_id=uuid.UUID(owner.user_id), **values)
    for caller, may_write in members:
        TeamNotebookMember.objects.create(
            notebook=made, user_id=uuid.UUID(caller.user_id), may_write=may_write
        )
    return made


def note(title: str, owner: Caller = ANNA, **values: Any) -> TeamNote:
    """Store a note."""
    return TeamNote.objects.create(title=title, owner_id=uuid.UUID(owner.user_id), **values)
