"""Who calls: holds the token, and gets a new one when the server no longer takes it."""

from __future__ import annotations

import asyncio
import base64
import inspect
import threading
from collections.abc import Awaitable, Callable
from typing import Literal

Refresh = Callable[[], str | None] | Callable[[], Awaitable[str | None]]


class Auth:
    """The token that goes along with each call.

    token      to start with
    scheme     "Bearer" sends the token as it is, "Basic" the base64 of it
    refresh    gets a new token after a 401, None for signed out; the call is tried once more. May be `async`, but not
               for the sync Client
    on_change  is told of every change, to keep the token somewhere safe
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        scheme: Literal["Bearer", "Basic"] = "Bearer",
        refresh: Refresh | None = None,
        on_change: Callable[[str | None], None] | None = None,
    ) -> None:
        self._token = token
        self._scheme = scheme
        self._refresh = refresh
        self._on_change = on_change
        self._thread_lock = threading.Lock()
        self._task_lock = asyncio.Lock()

    @property
    def token(self) -> str | None:
        return self._token

    @property
    def is_signed_in(self) -> bool:
        return self._token is not None

    def set(self, token: str) -> None:
        self._change(token)

    def clear(self) -> None:
        self._change(None)

    @property
    def header(self) -> str | None:
        """The value of the Authorization header; None when nobody is signed in."""
        if self._token is None or self._scheme == "Bearer":
            return self._token and f"Bearer {self._token}"
        return f"Basic {base64.b64encode(self._token.encode()).decode()}"

    def renew(self, refused: str | None) -> bool:
        """Get a new token in place of the refused one. Says whether there is one now."""
        if self._refresh is None or refused is None:  # who signed out stays so
            return False
        with self._thread_lock:  # who waited finds another's new token
            if self._token == refused:
                found = self._refresh()
                if inspect.isawaitable(found):
                    raise TypeError("The sync Client needs a refresh that is no `async def`")
                self._change(found)
            return self._token is not None

    async def renew_async(self, refused: str | None) -> bool:
        """The same for the AsyncClient; a refresh that is no `async def` runs on a thread."""
        if refused is None or not inspect.iscoroutinefunction(self._refresh):
            return await asyncio.to_thread(self.renew, refused)
        async with self._task_lock:
            if self._token == refused:
                self._change(await self._refresh())
            return self._token is not None

    def _change(self, token: str | None) -> None:
        if token != self._token:
            self._token = token
            if self._on_change:
                self._on_change(token)
