"""The base of endpoints, and what may stand above their classes and methods.

class NotesEndpoint(Endpoint):
    require_login = True

    async def list_notes(self, call: Call, *, limit: int = 20) -> list[Note]: ...

is `POST /notes/listNotes` with `{"limit": 20}`. A method that returns AsyncIterator[T] is a stream.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from typing_extensions import deprecated

__all__ = [
    "Endpoint",
    "allow_impersonation",
    "credential_optional",
    "deprecated",
    "hidden",
    "max_body_bytes",
    "rate_limit",
    "unfinished_allowed",
    "unauthenticated_call",
    "unlogged",
]

Marked = TypeVar("Marked", bound=Callable[..., Any])  # a method, or an endpoint's class


class Endpoint:
    """A group of methods that clients may call: every public method whose first parameter is annotated `Call`.

    One object serves all calls, so it keeps nothing of one call in itself. A class that derives from abc.ABC directly
    is abstract: it can't be called, its methods belong to those who extend it.

    require_login    only signed-in users
    required_scopes  only users who have all of these; implies require_login
    module           the module it belongs to: its address is then "module.endpoint". An endpoint of another app that
                     extends it does not belong to it
    """

    require_login: ClassVar[bool] = False
    required_scopes: ClassVar[frozenset[str]] = frozenset()
    module: ClassVar[str] = ""


def hidden(subject: Marked) -> Marked:
    """Keep a method from clients, an inherited one too; on a class: the class itself, but not those who extend it."""
    subject._podium_hidden = True  # type: ignore[attr-defined]
    return subject


def unauthenticated_call(subject: Marked) -> Marked:
    """Clients call this method (on a class: all methods it declares) without saying who they are, as for a sign-in."""
    subject._podium_unauthenticated = True  # type: ignore[attr-defined]
    return subject


def credential_optional(subject: Marked) -> Marked:
    """A credential that is no longer good counts as none here, instead of a 401; one that is good says who calls.

    For a sign-in, which must work with an old token in the client, and joins the account of who is signed in.
    """
    return _mark("_podium_credential_optional", True)(subject)


def allow_impersonation(subject: Marked) -> Marked:
    """Let operators acting as a user call this method (on a class: all methods it declares itself).

    Every other method refuses them with 403. Use it for reads that support needs. Never use it for anything that
    changes how a user signs in, cannot be undone, or returns data or tokens for later use.
    """
    return _mark("_podium_allow_impersonation", True)(subject)


# The next four, on a class, apply to all its methods and to subclasses; a method's own decorator takes precedence.


def unfinished_allowed(subject: Marked) -> Marked:
    """Let users call this method who have not yet set up the second factor that the server requires.

    Use it for the methods needed to set one up, and to sign out. All other calls get SignInUnfinished (403).
    """
    return _mark("_podium_unfinished_allowed", True)(subject)


def rate_limit(rate: str) -> Callable[[Marked], Marked]:
    """How often one user (or one address, where nobody is signed in) may call this method: "10/m", "100/5m", "1000/d".

    Further calls are refused with TooManyCalls (429). Instead of ENDPOINTS_RATE. Each method is counted apart.
    """
    return _mark("_podium_rate", rate)


def max_body_bytes(size: int) -> Callable[[Marked], Marked]:
    """How many bytes a call of this method may send, instead of ENDPOINTS_MAX_BODY_BYTES; more is refused with 413."""
    return _mark("_podium_max_body_bytes", size)


def unlogged(subject: Marked) -> Marked:
    """Keep what this method runs out of the call log. What it fails with still goes to the log "podium.calls"."""
    return _mark("_podium_unlogged", True)(subject)


def _mark(name: str, value: Any) -> Callable[[Marked], Marked]:
    def mark(subject: Marked) -> Marked:
        setattr(subject, name, value)
        return subject

    return mark


def rate_of(subject: object) -> str:
    """The rate that stands above a method or a class, "" without one."""
    return str(getattr(subject, "_podium_rate", ""))


def max_body_bytes_of(subject: object) -> int | None:
    size: int | None = getattr(subject, "_podium_max_body_bytes", None)
    return size


def is_unlogged(subject: object) -> bool:
    return bool(getattr(subject, "_podium_unlogged", False))


def is_unfinished_allowed(subject: object) -> bool:
    return bool(getattr(subject, "_podium_unfinished_allowed", False))


def is_credential_optional(function: object) -> bool:
    return _own(function, "_podium_credential_optional")


def is_impersonation_allowed(subject: object) -> bool:
    return _own(subject, "_podium_allow_impersonation")


def is_hidden(subject: object) -> bool:
    return _own(subject, "_podium_hidden")


def is_unauthenticated(subject: object) -> bool:
    return _own(subject, "_podium_unauthenticated")


def _own(subject: object, mark: str) -> bool:
    """A mark holds for the very class or function it stands above: a subclass does not inherit it."""
    return bool(getattr(subject, "__dict__", {}).get(mark))
