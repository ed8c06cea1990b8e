"""The rules of a method or a page for its caller: sign-in, impersonation, API keys, second factor, scopes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from podium.endpoints import signals, threads
from podium.endpoints.calls import Call, Identity
from podium.endpoints.errors import (
    ApiKeyRefused,
    CallError,
    ImpersonationRefused,
    NotSignedIn,
    ScopeMissing,
    SignInUnfinished,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The callers that something is open to.

    require_login        only signed-in users
    required_scopes      only users who have all of these
    allow_impersonation  operators acting as a user, too
    allow_api_keys       programs with an API key, too
    unfinished_allowed   users who lack the second factor that the server requires, too
    """

    require_login: bool = False
    required_scopes: frozenset[str] = frozenset()
    allow_impersonation: bool = False
    allow_api_keys: bool = False
    unfinished_allowed: bool = False


def refusal(rules: Rules, identity: Identity | None) -> type[CallError] | None:
    """Return the error for a caller that the rules do not allow; None for one that they do. No I/O.

    The errors: NotSignedIn (401), ImpersonationRefused, ApiKeyRefused, SignInUnfinished, ScopeMissing (403).
    """
    if identity is None:
        return NotSignedIn if rules.require_login else None
    if identity.operator and not rules.allow_impersonation:
        return ImpersonationRefused
    if identity.api_key and not rules.allow_api_keys:
        return ApiKeyRefused
    if identity.unfinished and not rules.unfinished_allowed:
        return SignInUnfinished
    if not rules.required_scopes <= identity.scopes:
        return ScopeMissing
    return None


def authorize(rules: Rules, call: Call, method: str) -> None:
    """Raise the refusal of a call, if there is one, after the signal for the audit log. Sync code only.

    method  as in the audit log: "notes.listNotes", "GET /api/notes/"
    """
    error = refusal(rules, call.identity)
    if error is not None:
        _refuse(error, call, method)


async def refuse(error: type[CallError], call: Call, method: str) -> NoReturn:
    """Raise a refusal on the event loop. The signal for the audit log takes a thread."""
    if error is ImpersonationRefused:
        await threads.run(partial(_refuse, error, call, method))
    raise error


def _refuse(error: type[CallError], call: Call, method: str) -> NoReturn:
    if error is ImpersonationRefused:
        signals.impersonation_refused.send_robust(sender=Call, call=call, method=method)
    raise error
