"""The parts of rules that Django's Q does not have: who the caller is, and the rules of related rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from django.db.models import Q


class _Me:
    """The key of the caller: `Note.Q(owner_id=Me)`."""

    def __repr__(self) -> str:
        return "Me"

    def __copy__(self) -> _Me:
        return self

    def __deepcopy__(self, memo: Any) -> _Me:
        return self


Me: Final[Any] = _Me()
"""The key of the caller, as a value in a rule: `Note.Q(owner_id=Me)`.

Nobody who is not signed in meets such a condition.
"""


class Marker:
    """A condition that is settled before SQL is written. It combines with Q and others by `&`, `|` and `~`."""

    conditional: ClassVar[bool] = True  # by which Q recognizes what it may combine with

    def __and__(self, other: Condition) -> Q:
        return Q(self) & _q(other)

    def __or__(self, other: Condition) -> Q:
        return Q(self) | _q(other)

    def __rand__(self, other: Condition) -> Q:
        return _q(other) & Q(self)

    def __ror__(self, other: Condition) -> Q:
        return _q(other) | Q(self)

    def __invert__(self) -> Q:
        return ~Q(self)


@dataclass(frozen=True, eq=True)
class _SignedIn(Marker):
    def __repr__(self) -> str:
        return "SignedIn"


@dataclass(frozen=True, eq=True)
class _Everyone(Marker):
    def __repr__(self) -> str:
        return "Everyone"


@dataclass(frozen=True, eq=True)
class Scope(Marker):
    """Callers with this scope: `Scope("moderator")`."""

    name: str

    def __repr__(self) -> str:
        return f"Scope({self.name!r})"


Action: TypeAlias = Literal["read", "create", "update", "delete"]
ACTIONS: Final[tuple[Action, ...]] = ("read", "create", "update", "delete")


@dataclass(frozen=True, eq=True)
class through(Marker):
    """The rule of a related row: `through("notebook")` holds for callers whom its model's rules allow.

    relation  a path to the related model, as in Q: "notebook", "notebook__team"
    action    of the related row; by default "read" in a rule for reading, and "update" in the others
    """

    relation: str
    action: Action | None = None

    def __repr__(self) -> str:
        return f"through({self.relation!r}{f', {self.action!r}' if self.action else ''})"


SignedIn: Final = _SignedIn()
"""Callers who are signed in."""

Everyone: Final = _Everyone()
"""All callers, also those who are not signed in."""

Condition: TypeAlias = Q | Marker


def _q(condition: Condition) -> Q:
    return Q(condition) if isinstance(condition, Marker) else condition
