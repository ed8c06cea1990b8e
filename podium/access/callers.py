"""The caller as rules see it: a user's key and scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user.

    user_id  the user's key as text
    scopes   names, such as "moderator"
    """

    user_id: str
    scopes: frozenset[str] = frozenset()


class HasIdentity(Protocol):
    """A call, or anything else with the identity of its caller."""

    @property
    def identity(self) -> Identity | None: ...


class Identity(Protocol):
    """A signed-in user, such as a `podium.endpoints.calls.Identity`."""

    @property
    def user_id(self) -> str: ...

    @property
    def scopes(self) -> frozenset[str]: ...


By = Caller | HasIdentity | None
"""The caller: as it is, in a call, or None for somebody who is not signed in."""


def caller(by: By) -> Caller | None:
    """Return the caller of a call; a caller as it is."""
    if by is None or isinstance(by, Caller):
        return by
    identity = by.identity
    return None if identity is None else Caller(identity.user_id, frozenset(identity.scopes))
