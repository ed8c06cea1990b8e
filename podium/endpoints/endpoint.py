"""The base of endpoints, and the decorators for their classes and methods.

class NotesEndpoint(Endpoint):
    require_login = True

    async def list_notes(self, call: Call, *, limit: int = 20) -> list[Note]: ...

is `POST /notes/listNotes` with `{"limit": 20}`. A method that returns AsyncIterator[T] is a stream.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from typing_extensions import deprecated

from podium.endpoints.rates import By

__all__ = [
    "Endpoint",
    "allow_api_keys",
    "allow_impersonation",
    "credential_optional",
    "deprecated",
    "hidden",
    "max_body_bytes",
    "rate_limit",
    "replaceable",
    "unchecked_results",
    "unfinished_allowed",
    "unauthenticated_call",
    "unlogged",
]

Marked = TypeVar("Marked", bound=Callable[..., Any])  # a method, or an endpoint's class


class Endpoint:
    """A group of methods that clients may call: every public method whose first parameter is annotated `Call`.

    One object serves all calls, so it must not store data of a single call. A class that derives from abc.ABC directly
    is abstract: it can't be called, and its subclasses inherit its methods.

    require_login    only signed-in users
    required_scopes  only users who have all of these; implies require_login
    module           the module it belongs to: its address is then "module.endpoint". A subclass in another app does
                     not belong to the module
    """

    require_login: ClassVar[bool] = False
    required_scopes: ClassVar[frozenset[str]] = frozenset()
    module: ClassVar[str] = ""

    @classmethod
    def is_served(cls) -> bool:
        """Return whether this server has the endpoint. Override it for one that a setting switches on."""
        return True


def replaceable(cls: Marked) -> Marked:
    """Let a class of another app that extends the same base replace this one."""
    return _mark("_podium_replaceable", True)(cls)


def hidden(subject: Marked) -> Marked:
    """Hide a method from clients, also an inherited one; on a class: hide the class itself, but not its subclasses."""
    subject._podium_hidden = True  # type: ignore[attr-defined]
    return subject


def unauthenticated_call(subject: Marked) -> Marked:
    """Have clients call this method (on a class: all methods it declares) without a credential, as for a sign-in."""
    subject._podium_unauthenticated = True  # type: ignore[attr-defined]
    return subject


def credential_optional(subject: Marked) -> Marked:
    """Treat an expired access token as no credential, instead of refusing it; a valid one still identifies the caller.

    For a sign-in, which must work with an old token in the client, and joins the account of a signed-in user. On other
    methods, a 401 makes the client renew the token first.
    """
    return _mark("_podium_credential_optional", True)(subject)


def allow_impersonation(subject: Marked) -> Marked:
    """Let operators acting as a user call this method (on a class: all methods it declares itself).

    Every other method refuses them with 403. Use it for reads that support needs. Never use it for anything that
    changes how a user signs in, cannot be undone, or returns data or tokens for later use.
    """
    return _mark("_podium_allow_impersonation", True)(subject)


def allow_api_keys(subject: Marked) -> Marked:
    """Let programs call this method with an API key (on a class: all methods it declares itself).

    Every other method refuses API keys with 403. The key still needs the scopes of the endpoint. Never use it for
    anything that changes how a user signs in.
    """
    return _mark("_podium_allow_api_keys", True)(subject)


# The next five, on a class, apply to all its methods and to subclasses; a method's own decorator takes precedence.


def unfinished_allowed(subject: Marked) -> Marked:
    """Let users call this method who have not yet set up the second factor that the server requires.

    Use it for the methods needed to set one up, and to sign out. All other calls get SignInUnfinished (403).
    """
    return _mark("_podium_unfinished_allowed", True)(subject)


def unchecked_results(subject: Marked) -> Marked:
    """Let this method return rows that its caller may not read by the access rules, on purpose.

    In development and tests, other methods fail with such a result (ACCESS_RESULTS).
    """
    return _mark("_podium_unchecked_results", True)(subject)


def rate_limit(rate: str, *, by: By = "user") -> Callable[[Marked], Marked]:
    """Limit the calls of this method by one user, or by one address without a user: "10/m", "100/5m", "1000/d".

    by  whose calls share a count: "user"; "key", each API key of a user, and other calls by user; "address", with and
        without a user

    Write it several times for several limits. Further calls are refused with TooManyCalls (429), and all answers report
    what is left. Replaces ENDPOINTS_RATE. Each method is counted separately. It also limits REST: on a view set, all
    requests of the resource together; on one of its actions, those of the action.
    """

    def mark(subject: Marked) -> Marked:
        own = vars(subject).get("_podium_rates", ())  # not those of a base, which they replace
        return _mark("_podium_rates", ((rate, by), *own))(subject)

    return mark


def max_body_bytes(size: int) -> Callable[[Marked], Marked]:
    """Limit the bytes that a call of this method may send, instead of ENDPOINTS_MAX_BODY_BYTES; more gets a 413."""
    return _mark("_podium_max_body_bytes", size)


def unlogged(subject: Marked) -> Marked:
    """Keep calls of this method out of the call log. Its failures still go to the log "podium.calls"."""
    return _mark("_podium_unlogged", True)(subject)


def _mark(name: str, value: Any) -> Callable[[Marked], Marked]:
    def mark(subject: Marked) -> Marked:
        setattr(subject, name, value)
        return subject

    return mark


def rates_of(subject: object) -> tuple[tuple[str, By], ...]:
    """The rates that decorators set for a method or a class, the outermost first, and whose calls share each."""
    found: tuple[tuple[str, By], ...] = getattr(subject, "_podium_rates", ())
    return found


def max_body_bytes_of(subject: object) -> int | None:
    size: int | None = getattr(subject, "_podium_max_body_bytes", None)
    return size


def is_unlogged(subject: object) -> bool:
    return bool(getattr(subject, "_podium_unlogged", False))


def is_unfinished_allowed(subject: object) -> bool:
    return bool(getattr(subject, "_podium_unfinished_allowed", False))


def is_result_unchecked(subject: object) -> bool:
    return bool(getattr(subject, "_podium_unchecked_results", False))


def is_credential_optional(function: object) -> bool:
    return _own(function, "_podium_credential_optional")


def is_impersonation_allowed(subject: object) -> bool:
    return _own(subject, "_podium_allow_impersonation")


def is_api_key_allowed(subject: object) -> bool:
    return _own(subject, "_podium_allow_api_keys")


def is_hidden(subject: object) -> bool:
    return _own(subject, "_podium_hidden")


def is_replaceable(subject: object) -> bool:
    return _own(subject, "_podium_replaceable")


def is_unauthenticated(subject: object) -> bool:
    return _own(subject, "_podium_unauthenticated")


def _own(subject: object, mark: str) -> bool:
    """Return whether this class or function itself has the mark: subclasses do not inherit it."""
    return bool(getattr(subject, "__dict__", {}).get(mark))
