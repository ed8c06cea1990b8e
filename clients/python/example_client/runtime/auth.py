"""Who calls: holds the token, keeps it, and gets a new one before it ends or when the server no longer takes it."""

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

EARLY = datetime.timedelta(seconds=30)  # before its end a token is replaced
REFUSED = (UnauthorizedError, ModelException)  # so the server says that the refresh token is no good
LOCK_PAUSE = 0.01  # seconds between two looks whether another thread has got the new token


class HasTokens(Protocol):
    """What a sign-in gives; a model with these fields, such as the AuthSuccess of a server's sign-in, is one.

    token             goes along with each call
    token_expires_at  when the server takes it no longer; None: it does not say
    refresh_token     what a new one is had for; None: there is none
    """

    @property
    def token(self) -> str: ...

    @property
    def token_expires_at(self) -> datetime.datetime | None: ...

    @property
    def refresh_token(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """The same, to make one of other things that a sign-in may give."""

    token: str
    token_expires_at: datetime.datetime | None = None
    refresh_token: str | None = None


class Storage(Protocol):
    """Keeps one text from one run to the next. It is as secret as a password."""

    def load(self) -> str | None:
        """The text that was saved last; None for none."""
        ...

    def save(self, text: str | None) -> None:
        """Keep the text instead of the one before; None: keep none."""
        ...


SignIn = str | HasTokens
"""A token alone, or with its end and what a new one is had for."""
Refresh = Callable[[str], SignIn | Awaitable[SignIn | None] | None]


class Auth:
    """The token that goes along with each call.

    token      to start with, alone or as a sign-in gave it
    scheme     "Bearer" sends the token as it is, "Basic" the base64 of it
    refresh    gets a new token for the refresh token ("" without one): 30 seconds before the end of the token, or after
               a 401, when the call is tried once more. None means signed out, and so does an answer by which the server
               refuses: 401, or an exception of a model file. May be `async`, but not for the sync Client. What it calls
               of its own client goes out with the token that there is
    storage    keeps it from one run to the next; processes may share one. Instead of `token`
    on_change  is told of every change of the token
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
            raise ClientError("Give Auth a token or a storage: what is in the storage is the token")
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
        """Who signed in calls from now on."""
        self._keep(_tokens(token))

    def clear(self) -> None:
        """Nobody calls from now on."""
        self._keep(None)

    @property
    def header(self) -> str | None:
        """The value of the Authorization header; None when nobody is signed in."""
        if self._tokens is None:
            return None
        if self._scheme == "Bearer":
            return f"Bearer {self._tokens.token}"
        return f"Basic {base64.b64encode(self._tokens.token.encode()).decode()}"

    # What follows is for the client.

    def freshen(self) -> None:
        """Before a call: get a new token where this one is about to end."""
        if self._is_due():
            self.renew(self.token)

    async def freshen_async(self) -> None:
        """The same for asyncio."""
        if self._is_due():
            await self.renew_async(self.token)

    def renew(self, refused: str | None) -> bool:
        """Get a new token in place of the refused one. Says whether there is one now."""
        if self._refresh is None or refused is None or _within.get() is self:  # who signed out stays so
            return False
        with self._lock:  # who waited finds another's new token
            if before := self._to_renew(refused):
                try:
                    with _inside(self):
                        found = self._refresh(before.refresh_token or "")
                except REFUSED:
                    found = None
                if inspect.isawaitable(found):
                    raise TypeError("The sync Client needs a refresh that is no `async def`")
                self._replace(before, _tokens(found))
            return self.is_signed_in

    async def renew_async(self, refused: str | None) -> bool:
        """The same for asyncio. It goes on when who waits gives up: the server may have ended the token before."""
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
        """What is to be renewed; None where that was done meanwhile, here or by another process with this storage."""
        if self.token == refused and self._storage and (kept := _load(self._storage)) != self._tokens:
            self._change(kept)
            self._due = _due(kept)
            return kept if self._is_due() else None
        return self._tokens if self.token == refused else None

    def _replace(self, before: Tokens, tokens: Tokens | None) -> None:
        if self._tokens is before:  # else somebody signed in or out meanwhile
            self._keep(tokens)

    def _keep(self, tokens: Tokens | None) -> None:
        self._change(tokens)
        self._due = _due(tokens)
        if self._is_due():  # shorter than EARLY, or this clock is wrong: the server's 401 tells
            self._due = None
        if self._storage:
            self._storage.save(None if tokens is None else _text(tokens))

    def _change(self, tokens: Tokens | None) -> None:
        before, self._tokens = self.token, tokens
        if self.token != before and self._on_change:
            self._on_change(self.token)


_within: ContextVar[Auth | None] = ContextVar("podium_refresh", default=None)
"""Whose refresh runs here: what that calls must not wait for its own end."""


@contextmanager
def _inside(auth: Auth) -> Generator[None, None, None]:
    token = _within.set(auth)
    try:
        yield
    finally:
        _within.reset(token)


def _due(tokens: Tokens | None) -> datetime.datetime | None:
    """When to replace them; None for never."""
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
