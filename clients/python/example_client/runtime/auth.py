"""Authentication: holds and stores the token, and renews it before it expires or when the server refuses it."""

from __future__ import annotations

import asyncio
import base64
import datetime
import inspect
import json
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, Protocol

from .errors import ClientError, UnauthorizedError
from .models import ModelException

EARLY = datetime.timedelta(seconds=30)  # a token is replaced this long before it expires
REFUSED = (UnauthorizedError, ModelException)  # how the server refuses a refresh token
LOCK_PAUSE = 0.01  # seconds between checks whether another thread has the new token


class HasTokens(Protocol):
    """The result of a sign-in: any model with these fields, such as the AuthSuccess of a server's sign-in.

    token             sent with each call
    token_expires_at  when the server stops accepting it; None: not known
    refresh_token     exchanged for a new token; None: there is none
    """

    @property
    def token(self) -> str: ...

    @property
    def token_expires_at(self) -> datetime.datetime | None: ...

    @property
    def refresh_token(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """A HasTokens to construct from other results of a sign-in."""

    token: str
    token_expires_at: datetime.datetime | None = None
    refresh_token: str | None = None


class Storage(Protocol):
    """Storage of one text between runs. It is as secret as a password."""

    def load(self) -> str | None:
        """Return the text that was saved last; None for none."""
        ...

    def save(self, text: str | None) -> None:
        """Replace the saved text; None: delete it."""
        ...


SignIn = str | HasTokens
"""A token alone, or with its expiry and refresh token."""
Refresh = Callable[[str], SignIn | Awaitable[SignIn | None] | None]


class Auth:
    """The token that is sent with each call.

    token      the first token, alone or as a sign-in returned it
    scheme     "Bearer" sends the token itself, "Basic" its base64
    refresh    gets a new token for the refresh token ("" without one): 30 seconds before the token expires, or after
               a 401, when the call is tried once more. None means signed out, and so does a refusal by the
               server: 401, or an exception of a model file. May be `async`, but not for the sync Client. Its own calls
               with this client use the current token
    storage    stores it between runs; processes may share one. Instead of `token`
    on_change  called after each change of the token
    """

    def __init__(
        self,
        token: SignIn | None = None,
        *,
        scheme: Literal["Bearer", "Basic"] = "Bearer",
        refresh: Refresh | None = None,
        storage: Storage | None = None,
        on_change: Callable[[str | None], None] | None = None,
    ) -> None:
        if storage is not None and token is not None:
            raise ClientError("Give Auth a token or a storage, not both: the token comes from the storage")
        self._scheme = scheme
        self._refresh = refresh
        self._storage = storage
        self._on_change = on_change
        self._tokens = _load(storage) if storage else _tokens(token)
        self._due = _due(self._tokens)
        self._lock = threading.Lock()
        self._renewing: asyncio.Task[bool] | None = None

    @property
    def token(self) -> str | None:
        return self._tokens.token if self._tokens else None

    @property
    def is_signed_in(self) -> bool:
        return self._tokens is not None

    def set(self, token: SignIn) -> None:
        """Sign in: send this token from now on."""
        self._keep(_tokens(token))

    def clear(self) -> None:
        """Sign out: send no token from now on."""
        self._keep(None)

    @property
    def header(self) -> str | None:
        """The value of the Authorization header; None if nobody is signed in."""
        if self._tokens is None:
            return None
        if self._scheme == "Bearer":
            return f"Bearer {self._tokens.token}"
        return f"Basic {base64.b64encode(self._tokens.token.encode()).decode()}"

    # The rest is for the client.

    def freshen(self) -> None:
        """Get a new token before a call if this one is about to expire."""
        if self._is_due():
            self.renew(self.token)

    async def freshen_async(self) -> None:
        """The same for asyncio."""
        if self._is_due():
            await self.renew_async(self.token)

    def renew(self, refused: str | None) -> bool:
        """Get a new token in place of the refused one. Return whether there is one now."""
        if (
            self._refresh is None or refused is None or _within.get() is self
        ):  # a signed-out user stays signed out
            return False
        with self._lock:  # after waiting, another thread's new token may be there
            if before := self._to_renew(refused):
                try:
                    with _inside(self):
                        found = self._refresh(before.refresh_token or "")
                except REFUSED:
                    found = None
                if inspect.isawaitable(found):
                    raise TypeError("The sync Client needs a refresh that is not an `async def`")
                self._replace(before, _tokens(found))
            return self.is_signed_in

    async def renew_async(self, refused: str | None) -> bool:
        """The same for asyncio. It continues if the caller gives up: the old token may be revoked already."""
        if self._refresh is None or refused is None or _within.get() is self:
            return False
        if self.token != refused:
            return self.is_signed_in
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew(self._refresh, refused))
            self._renewing.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._renewing)

    async def _renew(self, refresh: Refresh, refused: str) -> bool:
        while not self._lock.acquire(blocking=False):  # held by a thread, for a call of the sync Client
            await asyncio.sleep(LOCK_PAUSE)
        try:
            if before := await asyncio.to_thread(self._to_renew, refused):
                try:
                    with _inside(self):
                        found = await asyncio.to_thread(refresh, before.refresh_token or "")
                        found = await found if inspect.isawaitable(found) else found
                except REFUSED:
                    found = None
                await asyncio.to_thread(self._replace, before, _tokens(found))
            return self.is_signed_in
        finally:
            self._lock.release()

    def _is_due(self) -> bool:
        return self._due is not None and datetime.datetime.now(datetime.UTC) >= self._due

    def _to_renew(self, refused: str) -> Tokens | None:
        """The tokens to renew; None if that was done meanwhile, here or by another process with this storage."""
        if self.token == refused and self._storage and (kept := _load(self._storage)) != self._tokens:
            self._change(kept)
            self._due = _due(kept)
            return kept if self._is_due() else None
        return self._tokens if self.token == refused else None

    def _replace(self, before: Tokens, tokens: Tokens | None) -> None:
        if self._tokens is before:  # otherwise somebody signed in or out meanwhile
            self._keep(tokens)

    def _keep(self, tokens: Tokens | None) -> None:
        self._change(tokens)
        self._due = _due(tokens)
        if self._is_due():  # it expires within EARLY, or this clock is wrong: rely on the server's 401
            self._due = None
        if self._storage:
            self._storage.save(None if tokens is None else _text(tokens))

    def _change(self, tokens: Tokens | None) -> None:
        before, self._tokens = self.token, tokens
        if self.token != before and self._on_change:
            self._on_change(self.token)


_within: ContextVar[Auth | None] = ContextVar("podium_refresh", default=None)
"""The Auth whose refresh runs here: calls inside must not wait for that refresh."""


@contextmanager
def _inside(auth: Auth) -> Generator[None, None, None]:
    token = _within.set(auth)
    try:
        yield
    finally:
        _within.reset(token)


def _due(tokens: Tokens | None) -> datetime.datetime | None:
    """The time to replace them; None for never."""
    end = tokens and tokens.token_expires_at
    return end.astimezone(datetime.UTC) - EARLY if end else None


def _tokens(given: SignIn | None) -> Tokens | None:
    if given is None or isinstance(given, Tokens):
        return given
    if isinstance(given, str):
        return Tokens(given)
    return Tokens(given.token, given.token_expires_at, given.refresh_token)


def _text(tokens: Tokens) -> str:
    end = tokens.token_expires_at
    return json.dumps(
        {
            "token": tokens.token,
            "tokenExpiresAt": end and end.isoformat(),
            "refreshToken": tokens.refresh_token,
        }
    )


def _load(storage: Storage) -> Tokens | None:
    text = storage.load()
    if not text:
        return None
    try:
        found = json.loads(text)
        end = found["tokenExpiresAt"]
        return Tokens(found["token"], end and datetime.datetime.fromisoformat(end), found["refreshToken"])
    except (ValueError, TypeError, KeyError):
        raise ClientError("The storage gave a text that Auth did not save") from None
